package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.List;

/** What a test sees on the nodes, over connections that the client under test knows nothing of. */
final class OnNodes {
    /** Until when something must have happened that a machine with nothing else to do does in milliseconds. */
    static final Duration SOON = Duration.ofSeconds(30);

    /** As a lease: longer than any wait of a test, so that a lock which is gone was released. */
    static final Duration LONG = Duration.ofMinutes(2);

    private static final String CLOCK = "clock-of-the-test";

    private OnNodes() {}

    /** A client that does without a node only when that is down, however busy the machine is, and whose locks do not run out while a test waits. */
    static RedisLocksBuilder client(RedisServers servers) {
        return unhurried(servers).lease(LONG);
    }

    /** The same with the default lease. */
    static RedisLocksBuilder unhurried(RedisServers servers) {
        return RedisLocks.builder()
                .formatBlankNodes()
                .durableDisks()
                .addresses(servers.uris())
                .nodeTimeout(Duration.ofSeconds(15))
                .connectTimeout(SOON);
    }

    /** A client whose leases, and so the waits of nodes that have forgotten or are new, are as brief as this. */
    static RedisLocksBuilder brief(Duration longest, String... addresses) {
        return RedisLocks.builder()
                .formatBlankNodes()
                .addresses(addresses)
                .lease(longest)
                .maxLease(longest)
                .connectTimeout(SOON);
    }

    /** The token of one acquisition, always of the same resource. */
    static long tokenOf(LockClient locks) {
        try (Lease lease = locks.acquire("invoice/42", LONG)) {
            return lease.token().value();
        }
    }

    /** Waits until no node has a lock of any resource. */
    static void awaitNoLocks(RedisServers servers) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(servers.nodes())
                        .allSatisfy(node -> assertThat(node.command("KEYS", "fencepost:lock:*"))
                                .isEmpty()));
    }

    /** Waits until every node has the counter of the resource: whatever it was asked before has taken effect. */
    static void awaitCounters(RedisServers servers, String resource) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(servers.nodes())
                        .allSatisfy(node -> assertThat(node.command("EXISTS", "fencepost:token:" + resource))
                                .isEqualTo("1")));
    }

    /** The owner that each node has for the resource. */
    static List<String> owners(RedisServers servers, String resource) {
        return servers.nodes().stream().map(node -> owner(node, resource)).toList();
    }

    /** The owner that the node has for the resource, without what the node adds to it. */
    static String owner(RedisServer node, String resource) {
        return node.command("GET", "fencepost:lock:" + resource).replaceAll("@.*", "");
    }

    /** Waits until one node has this owner for the resource. */
    static void awaitOwner(RedisServer node, String resource, String owner) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(owner(node, resource)).isEqualTo(owner));
    }

    /** Ends the lock of a resource on these nodes behind its holder's back, once it is there: a lease is held when a quorum has granted it, and the other grants may still be on their way. */
    static void lose(List<RedisServer> nodes, String resource) {
        String lock = "fencepost:lock:" + resource;
        for (RedisServer node : nodes) {
            await().atMost(SOON).until(() -> node.command("DEL", lock).equals("1"));
        }
    }

    /** Waits until so many clients watch the resource on every node. */
    static void awaitWatchers(RedisServers servers, String resource, int clients) {
        String channel = "fencepost:released:" + resource;
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(servers.nodes())
                        .allSatisfy(node -> assertThat(node.command("PUBSUB", "NUMSUB", channel))
                                .isEqualTo(channel + "\n" + clients)));
    }

    /** Waits until so much time has passed on a node's own clock. */
    static void awaitPassed(RedisServer node, Duration time) {
        node.command("SET", CLOCK, "runs", "PX", Long.toString(time.toMillis()));
        await().atMost(time.plus(SOON))
                .until(() -> node.command("EXISTS", CLOCK).equals("0"));
    }

    /** How many scripts clients have had run on the node so far: every request of the protocol is one. */
    static long requests(RedisServer node) {
        return node.command("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_evalsha:") || line.startsWith("cmdstat_eval:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('=') + 1, line.indexOf(','))))
                .sum();
    }

    /** The threads of this process, without those that come and go with tests and their servers: of waits, and for the ends of child processes. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("awaitility") && !name.startsWith("process reaper"))
                .sorted()
                .toList();
    }
}
