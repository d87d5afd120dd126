package dev.fencepost.chaos;

import dev.fencepost.servers.RedisServer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How things are called in the report. */
final class Names {
    private Names() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String of(Arena arena, List<RedisServer> nodes) {
        if (nodes.size() == arena.nodes().size()) {
            return "all nodes";
        }
        return nodes.stream()
                .map(node -> String.valueOf(arena.nodes().indexOf(node)))
                .sorted()
                .collect(Collectors.joining(", ", nodes.size() == 1 ? "node " : "nodes ", ""));
    }

    static String of(List<Member> members) {
        return members.stream().map(Member::name).sorted().collect(Collectors.joining(", "));
    }
}
