package dev.fencepost.internal;

import dev.fencepost.internal.ChangeWorld.Aim;
import dev.fencepost.internal.ChangeWorld.Change;
import dev.fencepost.internal.ChangeWorld.Is;
import dev.fencepost.internal.ChangeWorld.Node;
import dev.fencepost.spi.NodeReply.Condition;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The states of a {@link ChangeModel} in the words of the code: what the nodes' markers say in them. */
final class ChangeNames {
    private final List<String> nodes;
    private final Map<List<Aim>, String> epochs = new HashMap<>();

    ChangeNames(int nodes) {
        this.nodes = IntStream.range(0, nodes).mapToObj(ChangeNames::node).toList();
    }

    List<String> nodes() {
        return nodes;
    }

    static List<String> members(Aim of) {
        return IntStream.range(0, Integer.SIZE)
                .filter(of::has)
                .mapToObj(ChangeNames::node)
                .toList();
    }

    String epoch(List<Aim> epoch) {
        String known = epochs.get(epoch);
        if (known == null) {
            known = epoch.size() == 1
                    ? "origin"
                    : into(epoch.subList(0, epoch.size() - 1), epoch.get(epoch.size() - 1))
                            .epoch();
            epochs.put(epoch, known);
        }
        return known;
    }

    Move.Into into(List<Aim> before, Aim to) {
        List<String> fresh = IntStream.range(0, nodes.size())
                .filter(x -> to.life(x) >= 0)
                .mapToObj(x -> life(x, to.life(x)))
                .toList();
        return Move.Into.of(epoch(before), members(to), fresh);
    }

    /** The model leaves out that a change is into a view that is one later than those before. */
    Move move(Change of) {
        return new Move(into(of.epoch(), of.to()), of.floor(), of.view(), 0);
    }

    Marker marker(int x, Node node) {
        Marker.Members set = new Marker.Members(List.of(), List.of(), List.of());
        if (node.is() != Is.WAITING) {
            List<Aim> epoch = node.epoch();
            Aim now = epoch.get(epoch.size() - 1);
            List<Aim> before = epoch.subList(0, epoch.size() - 1);
            set = node.is() == Is.MOVING
                    ? moving(members(now), into(epoch, node.to()))
                    : new Marker.Members(
                            members(now),
                            List.of(),
                            before.isEmpty() ? List.of() : into(before, now).fresh());
        }
        String epoch = node.is() == Is.WAITING ? "" : epoch(node.epoch());
        return new Marker(
                node.is() == Is.READY,
                life(x, node.life()),
                new Marker.Numbers(node.view(), node.mark(), node.floor(), 0),
                new Marker.Terms(0, 0, false),
                new Marker.Identity("memory", epoch, "process", node(x), set));
    }

    Seen seen(Marker marker) {
        return new Seen(marker.text(), Optional.of(marker), "process", 0, new Condition("", false, Map.of()));
    }

    static String life(int x, int number) {
        return node(x) + "-" + number;
    }

    private static Marker.Members moving(List<String> now, Move.Into into) {
        return new Marker.Members(now, into.members(), into.fresh());
    }

    private static String node(int x) {
        return "node" + x;
    }
}
