package dev.fencepost.spi;

import dev.fencepost.spi.LockNode.Membership;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Makes a node ready by hand, as a cluster of its own, whatever it says of itself. */
final class Formed {
    private static final String EPOCH = "epoch";

    private Formed() {}

    /** Makes the node ready and in use, and tells its epoch. */
    static String of(LockNode node) {
        use(node, marker(node, "0a", new Marker.Numbers(0, 0, 0, 0)));
        return EPOCH;
    }

    /** Makes the node ready with a marker that follows whatever it has, and does not use it. */
    static Marker marker(LockNode node, String life, Marker.Numbers numbers) {
        Seen seen = look(node);
        Marker marker = new Marker(
                true,
                life,
                numbers,
                new Marker.Terms(1_000, seen.nowMillis(), false),
                new Marker.Identity(life, EPOCH, seen.process(), node.name(), List.of(node.name())));
        require(NodeTests.await(node.membership().exchange(seen.text(), marker)));
        // It is dated by the node.
        return look(node).marker().orElseThrow();
    }

    static void use(LockNode node, Marker marker) {
        require(NodeTests.await(node.membership().admit(marker)));
        node.membership().use();
    }

    /** What the node says of itself, as soon as it can be asked. */
    static Seen look(LockNode node) {
        Membership membership = node.membership();
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(NodeTests.PATIENCE_SECONDS);
        Optional<Seen> seen = Optional.empty();
        while (seen.isEmpty()) {
            NodeReply reply = NodeTests.await(membership.look());
            seen = Optional.of(reply).filter(Seen.class::isInstance).map(Seen.class::cast);
            if (seen.isEmpty() && System.nanoTime() > patience) {
                throw new AssertionError("the node cannot be looked at: " + reply);
            }
        }
        return seen.get();
    }

    private static void require(NodeReply reply) {
        if (!(reply instanceof NodeReply.Done)) {
            throw new AssertionError("answered " + reply);
        }
    }
}
