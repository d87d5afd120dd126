package dev.fencepost.redis;

import dev.fencepost.redis.ResourceReport.Copy;
import dev.fencepost.redis.ResourceReport.Lock;
import dev.fencepost.redis.internal.Probe;
import dev.fencepost.spi.QuorumLocks.Standing.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Puts together what nodes have of one resource. For one report and one thread. */
final class ResourceFindings {
    /** A node that was brought back begins about a thousand numbers ahead of the others. */
    private static final long FAR_APART = 10_000;

    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final String resource;
    private final ClusterReport cluster;
    private final List<Copy> copies = new ArrayList<>();
    private final List<String> odd = new ArrayList<>();
    private final Map<String, String> letters = new LinkedHashMap<>();

    ResourceFindings(String resource, ClusterReport cluster) {
        this.resource = resource;
        this.cluster = cluster;
    }

    /**
     * Adds what a node has.
     *
     * @param memory what the names of owners end with whose locks count there; empty if none do
     */
    void add(String node, String memory, Probe.Sighting seen) {
        OptionalLong counter = number(seen.counter());
        if (!seen.problem().isEmpty() && state(node) != State.UNREACHABLE) {
            odd.add("what " + node + " has of it cannot be read: " + seen.problem());
        }
        if (counter.isEmpty() && !seen.counter().isEmpty()) {
            odd.add("the counter on " + node
                    + " is no number, so the node takes no part for this resource; find out who writes there");
        }
        Optional<Lock> lock = Optional.empty();
        if (!seen.holder().isEmpty()) {
            boolean counts = !memory.isEmpty() && memory.equals(seen.memory());
            lock = Optional.of(new Lock(
                    letters.computeIfAbsent(seen.holder(), digest -> letter(letters.size())),
                    seen.ttlMillis() < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(seen.ttlMillis())),
                    counts));
        }
        copies.add(new Copy(node, seen.problem(), lock, counter));
    }

    ResourceReport report() {
        Map<String, List<Copy>> holders = new TreeMap<>();
        for (Copy copy : copies) {
            copy.lock()
                    .filter(Lock::counts)
                    .ifPresent(lock -> holders.computeIfAbsent(lock.holder(), holder -> new ArrayList<>())
                            .add(copy));
            copy.lock().ifPresent(lock -> lookAt(copy.node(), lock));
        }
        Optional<Duration> heldFor = Optional.empty();
        for (Map.Entry<String, List<Copy>> held : holders.entrySet()) {
            if (held.getValue().size() >= cluster.quorum()) {
                heldFor = Optional.of(remaining(held.getValue()));
            } else {
                odd.add(minority(held.getKey(), held.getValue()));
            }
        }
        farApart().ifPresent(odd::add);
        return new ResourceReport(resource, cluster, copies, heldFor, odd);
    }

    private void lookAt(String node, Lock lock) {
        if (lock.remaining().isEmpty()) {
            odd.add(
                    "the lock on " + node
                            + " has no time to live, which no client causes, and so never ends by itself; once it is certain that nobody holds it, delete its key there");
        }
        if (!lock.counts() && state(node) == State.READY) {
            odd.add(
                    "the lock on " + node
                            + " is from before the node forgot, or was not made by a client, and counts for nobody; it is in the way until it ends");
        }
    }

    private String minority(String holder, List<Copy> held) {
        long unknown = cluster.nodes().stream()
                .filter(node -> node.state() == State.UNREACHABLE)
                .count();
        String where = "the lock of " + holder + " is on a minority: "
                + held.stream().map(Copy::node).toList() + ", and " + cluster.quorum() + " are needed; ";
        return held.size() + unknown >= cluster.quorum()
                ? where + "it is held if enough of the nodes that do not answer have it, too"
                : where
                        + "an attempt was just under way, or its client died in it, or lost the lock elsewhere; it ends by itself";
    }

    /** A quorum has the lock until the first of them lets it go that is not to be spared. */
    private Duration remaining(List<Copy> held) {
        return held.stream()
                .flatMap(copy -> copy.lock().stream())
                .map(lock -> lock.remaining().orElse(FOR_EVER))
                .sorted(Comparator.reverseOrder())
                .skip(cluster.quorum() - 1)
                .findFirst()
                .orElse(Duration.ZERO);
    }

    private Optional<String> farApart() {
        Map<String, Long> reached = new LinkedHashMap<>();
        for (Copy copy : copies) {
            if (copy.problem().isEmpty() && state(copy.node()) == State.READY) {
                reached.put(copy.node(), Math.max(copy.counter().orElse(0), floor(copy.node())));
            }
        }
        long largest =
                reached.values().stream().mapToLong(Long::longValue).max().orElse(0);
        long smallest =
                reached.values().stream().mapToLong(Long::longValue).min().orElse(0);
        return largest - smallest <= FAR_APART
                ? Optional.empty()
                : Optional.of(
                        "counters are far apart: " + reached
                                + "; the next acquisitions even them out at the price of a second round trip each. Normal after a node was away or brought back; otherwise find out who writes there");
    }

    private State state(String node) {
        return found(node).state();
    }

    private long floor(String node) {
        return found(node).progress().map(NodeReport.Progress::floor).orElse(0L);
    }

    private NodeReport found(String node) {
        return cluster.nodes().stream()
                .filter(report -> report.node().equals(node))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no node " + node));
    }

    private static OptionalLong number(String text) {
        try {
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static String letter(int index) {
        return String.valueOf((char) ('A' + index));
    }
}
