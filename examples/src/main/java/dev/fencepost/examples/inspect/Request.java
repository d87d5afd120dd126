package dev.fencepost.examples.inspect;

import dev.fencepost.redis.RedisLocks;
import dev.fencepost.redis.RedisLocksBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What to look at, as given on the command line.
 *
 * @param nodes with the settings of the clients
 * @param resource what to look at besides the cluster
 * @param forget has counters go away that stay unused for so long
 * @param changesNodes makes the addresses the nodes of the cluster
 */
record Request(RedisLocksBuilder nodes, Optional<String> resource, Optional<Duration> forget, boolean changesNodes) {
    static final String USAGE = """
            arguments: [options] address...
              address             redis://[[user]:password@]host[:port][#name], or rediss:// for TLS; all nodes of the cluster, as clients are given them; with --change-nodes those that are to make it
              --other ADDRESS     a node that is no member of the cluster yet, or no more; may be given several times. With any, what the nodes say counts, and not what the addresses say
              --change-nodes      makes the addresses the nodes of the cluster, while locks are in use; those that leave it are given as --other. Changes the nodes
              --resource NAME     shows what the nodes have of one resource as well
              --forget TIME       has counters go away whose resources nobody locks for this time from now on, such as 720h; changes the nodes
              --prefix PREFIX     what all keys begin with, unless it is fencepost
              --max-lease TIME    the longest lease of the clients, such as 5m or 30s; says how long a node that has forgotten stays out
              --durable-disks     the clients vouch for the disks of the nodes
              --trust-store FILE  which certificates are trusted; the password is taken from FENCEPOST_TRUST_STORE_PASSWORD
              --timeout TIME      how long to wait for a node; 3s unless given
            exit codes: 0 nothing is odd, 1 something is, as after a change while new nodes wait, 2 the arguments cannot be understood""";

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException if they cannot be understood; says why
     */
    static Request of(List<String> arguments) {
        RedisLocksBuilder nodes = RedisLocks.builder();
        Duration timeout = Duration.ofSeconds(3);
        Duration longest = Duration.ofMinutes(5);
        Optional<String> resource = Optional.empty();
        Optional<Duration> forget = Optional.empty();
        boolean changesNodes = false;
        List<String> addresses = new ArrayList<>();
        List<String> others = new ArrayList<>();
        Words words = new Words(arguments);
        while (words.more()) {
            String word = words.next("");
            switch (word) {
                case "--resource" -> resource = Optional.of(words.next(word));
                case "--forget" -> forget = Optional.of(time(word, words.next(word)));
                case "--other" -> others.add(words.next(word));
                case "--change-nodes" -> changesNodes = true;
                case "--prefix" -> nodes.keyPrefix(words.next(word));
                case "--max-lease" -> longest = time(word, words.next(word));
                case "--durable-disks" -> nodes.durableDisks();
                case "--trust-store" -> nodes.trustStore(Path.of(words.next(word)), trustStorePassword());
                case "--timeout" -> timeout = time(word, words.next(word));
                default -> {
                    if (word.startsWith("-")) {
                        throw new IllegalArgumentException("there is no option " + word);
                    }
                    addresses.add(word);
                }
            }
        }
        if (changesNodes && forget.isPresent()) {
            throw new IllegalArgumentException("--change-nodes and --forget are two things: give one after the other");
        }
        nodes.addresses(addresses.toArray(String[]::new)).otherAddresses(others.toArray(String[]::new));
        // The inspector takes no lease. One that may be as long as any lets it wait for nodes for as long as it is told
        // to.
        nodes.lease(longest).maxLease(longest).connectTimeout(timeout).nodeTimeout(timeout);
        return new Request(nodes, resource, forget, changesNodes);
    }

    private static String trustStorePassword() {
        String password = System.getenv("FENCEPOST_TRUST_STORE_PASSWORD");
        return password == null ? "" : password;
    }

    private static Duration time(String option, String text) {
        try {
            return Duration.parse("PT" + text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(option + " must be a time such as 5m, 30s or 1h30m, but is " + text, e);
        }
    }

    /** Arguments, one after the other. */
    private static final class Words {
        private final List<String> words;
        private int at;

        Words(List<String> words) {
            this.words = words;
        }

        boolean more() {
            return at < words.size();
        }

        String next(String option) {
            if (!more()) {
                throw new IllegalArgumentException(option + " must be followed by a value");
            }
            return words.get(at++);
        }
    }
}
