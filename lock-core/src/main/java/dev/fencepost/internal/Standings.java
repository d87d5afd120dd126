package dev.fencepost.internal;

import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import dev.fencepost.spi.NodeRequest.View;
import dev.fencepost.spi.QuorumLocks;
import dev.fencepost.spi.QuorumLocks.Standing;
import dev.fencepost.spi.QuorumLocks.Standing.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** How nodes are found by one look at each, for people. Changes nothing on them. */
final class Standings {
    private final Quorum quorum;
    private final List<Diagnosis> found;
    private final Recovery recovery;
    private final Optional<View> established;

    private Standings(Quorum quorum, List<Diagnosis> looks) {
        this.quorum = quorum;
        // One look is enough to tell people.
        List<Optional<Marker>> ready = looks.stream()
                .map(found -> found.ready()
                        .filter(marker -> quorum.allows(marker.identity().members())))
                .toList();
        Optional<Established> seen = Established.of(ready, ready, quorum.roster()::isLikely);
        seen.ifPresent(quorum::learn);
        this.established = seen.map(Established::view);
        this.found = Diagnosis.within(looks, quorum.roster());
        this.recovery = new Recovery(quorum, new Returns(quorum), found);
    }

    static List<Standing> of(QuorumLocks.Nodes nodes, LockSettings settings, Environment environment) {
        Quorum quorum = new Quorum(nodes, settings, environment, EventSink.NONE);
        List<NodeReply> looks = Waiting.await(
                Gather.of(quorum, node -> true, node -> quorum.membership(node).look())
                        .toCompletableFuture(),
                "look at the nodes");
        Standings standings = new Standings(
                quorum,
                IntStream.range(0, looks.size())
                        .mapToObj(i -> Diagnosis.of(looks.get(i), quorum.name(i)))
                        .toList());
        return IntStream.range(0, looks.size())
                .mapToObj(
                        i -> standings.of(i, looks.get(i) instanceof Seen seen ? Optional.of(seen) : Optional.empty()))
                .toList();
    }

    private Standing of(int node, Optional<Seen> seen) {
        String name = quorum.name(node);
        Diagnosis diagnosis = found.get(node);
        if (diagnosis instanceof Diagnosis.Waiting waiting) {
            return waiting(name, waiting, seen);
        }
        State state = diagnosis.isOutlivedBy(established) ? State.FORGOTTEN : state(diagnosis);
        String why = state == State.READY
                ? ""
                : diagnosis.isOutlivedBy(established) ? Diagnosis.OUTLIVED : diagnosis.describe();
        return new Standing(name, state, why, Duration.ZERO, seen);
    }

    private static State state(Diagnosis diagnosis) {
        if (diagnosis instanceof Diagnosis.Silent) {
            return State.UNREACHABLE;
        }
        if (diagnosis instanceof Diagnosis.Refused) {
            return State.REFUSED;
        }
        if (diagnosis instanceof Diagnosis.Spare) {
            return State.SPARE;
        }
        if (diagnosis instanceof Diagnosis.Moving) {
            return State.MOVING;
        }
        return diagnosis instanceof Diagnosis.Forgotten ? State.FORGOTTEN : State.READY;
    }

    private Standing waiting(String name, Diagnosis.Waiting waiting, Optional<Seen> seen) {
        Duration left = recovery.left(waiting);
        String why = established.isPresent()
                ? "any client brings it back"
                : "fewer than a quorum of nodes are ready, so no client can bring it back by itself";
        return !left.isZero()
                ? new Standing(name, State.QUARANTINED, "leases that it has forgotten may still be held", left, seen)
                : new Standing(name, State.FORGOTTEN, "it waits to be brought back: " + why, Duration.ZERO, seen);
    }
}
