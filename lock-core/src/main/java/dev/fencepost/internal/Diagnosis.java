package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import dev.fencepost.spi.NodeRequest.View;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What a look at a node means to a client that knows what the node is called and which nodes make its cluster. */
sealed interface Diagnosis {
    /** What is the matter with a node that {@link #isOutlivedBy is outlived}. */
    String OUTLIVED = "the cluster was formatted anew without it";

    /** It takes part, in the life that its marker names. */
    record Ready(Marker marker, Seen seen) implements Diagnosis {}

    /** It has forgotten, says so, and waits to be brought back. */
    record Waiting(Marker marker, Seen seen) implements Diagnosis {}

    /**
     * It has forgotten, and does not know it yet.
     *
     * @param before the marker of an earlier process, so that it may have kept its data; empty if nothing is left
     * @param why what happened, for people
     */
    record Forgotten(Optional<Marker> before, Seen seen, String why) implements Diagnosis {}

    /** It must not be touched. */
    record Refused(String why) implements Diagnosis {}

    /** It does not answer. */
    record Silent(String why) implements Diagnosis {}

    /**
     * Judges a look at a node.
     *
     * @param name what the node is called
     * @param members what all nodes of the cluster are called, in order
     */
    static Diagnosis of(NodeReply look, String name, List<String> members) {
        if (!(look instanceof Seen seen)) {
            return new Silent(look instanceof NodeReply.Unavailable gone ? gone.reason() : "answered " + look);
        }
        if (!seen.condition().unusable().isEmpty()) {
            return new Refused(seen.condition().unusable());
        }
        if (seen.text().isEmpty()) {
            return new Forgotten(Optional.empty(), seen, "it is empty");
        }
        if (seen.marker().isEmpty()) {
            return new Refused("its marker cannot be understood; a newer version may have written it");
        }
        Marker marker = seen.marker().get();
        if (!marker.identity().members().equals(members)) {
            return new Refused(
                    "it belongs to the cluster of " + marker.identity().members() + ", and this client is given "
                            + members + "; give all clients the same nodes by the same names");
        }
        if (!marker.identity().name().equals(name)) {
            return new Refused("it is the node " + marker.identity().name()
                    + " of this cluster; give all clients the same nodes by the same names");
        }
        if (!marker.identity().process().equals(seen.process())) {
            boolean kept = marker.ready() || marker.terms().kept();
            return new Forgotten(
                    kept ? Optional.of(marker) : Optional.empty(), seen, "it has restarted, or was restored");
        }
        return marker.ready() ? new Ready(marker, seen) : new Waiting(marker, seen);
    }

    /** Judges a look at each node of a quorum, in their order. */
    static List<Diagnosis> of(List<NodeReply> looks, Quorum quorum) {
        List<String> names = quorum.names();
        return IntStream.range(0, looks.size())
                .mapToObj(i -> of(looks.get(i), names.get(i), names))
                .toList();
    }

    /** Looks at those nodes of a quorum, and waits for none longer than the node timeout. The others are {@link Silent}. */
    static CompletionStage<List<Diagnosis>> look(Quorum quorum, IntPredicate whom) {
        return Gather.of(quorum, whom, node -> quorum.membership(node).look()).thenApply(looks -> of(looks, quorum));
    }

    /** Whether it takes part in a cluster that is no more, since a quorum is seen to make another. */
    default boolean isOutlivedBy(Optional<View> established) {
        return ready().isPresent()
                && established
                        .filter(view ->
                                !view.epoch().equals(ready().get().identity().epoch()))
                        .isPresent();
    }

    /** Its marker, if it takes part. */
    default Optional<Marker> ready() {
        return this instanceof Ready now ? Optional.of(now.marker) : Optional.empty();
    }
}
