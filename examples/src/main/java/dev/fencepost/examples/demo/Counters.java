package dev.fencepost.examples.demo;

import dev.fencepost.servers.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The token counters of a resource, read from the nodes themselves. */
final class Counters {
    private static final String MISSING = "(nil)";

    private Counters() {}

    /** The name of the counter, with the prefix that clients have unless they are told another one. */
    static String key(String resource) {
        return "fencepost:token:" + resource;
    }

    /** Where the counter of one node stands; 0 before its first grant. */
    static long of(RedisServer node, String resource) {
        return Optional.of(node.command("GET", key(resource)))
                .filter(text -> !text.equals(MISSING))
                .map(Long::valueOf)
                .orElse(0L);
    }

    /** Where the counters of all nodes stand, nothing for a node that is down. */
    static List<OptionalLong> of(Stage stage, String resource) {
        List<OptionalLong> counters = new ArrayList<>();
        for (int number = 1; number <= Stage.NODES; number++) {
            RedisServer node = stage.node(number);
            counters.add(node.isRunning() ? OptionalLong.of(of(node, resource)) : OptionalLong.empty());
        }
        return counters;
    }

    /** As cells of a table. */
    static List<String> shown(List<OptionalLong> counters) {
        return counters.stream()
                .map(counter -> counter.isPresent() ? Long.toString(counter.getAsLong()) : "down")
                .toList();
    }
}
