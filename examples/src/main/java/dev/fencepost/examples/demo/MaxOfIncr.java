package dev.fencepost.examples.demo;

import dev.fencepost.servers.RedisServer;
import java.util.List;

/**
 * The token rule that first comes to mind, and that is not enough: add one on every node, take the maximum.
 *
 * <p>It runs on the same nodes, on copies of the same counters made at the same moment. It is given the best of chances: every node that is up
 * answers, and the largest of all their answers counts.
 */
final class MaxOfIncr {
    private final String key;

    private MaxOfIncr(String key) {
        this.key = key;
    }

    /** Copies the counters of a resource on the nodes. */
    static MaxOfIncr copyOf(List<RedisServer> nodes, String resource) {
        String key = "max-of-incr:" + resource;
        for (RedisServer node : nodes) {
            node.command("COPY", Counters.key(resource), key, "REPLACE");
        }
        return new MaxOfIncr(key);
    }

    /** The token that the rule hands out with these nodes up. */
    long next(List<RedisServer> nodes) {
        return nodes.stream()
                .mapToLong(node -> Long.parseLong(node.command("INCR", key)))
                .max()
                .orElseThrow(() -> new IllegalArgumentException("nodes must not be empty"));
    }
}
