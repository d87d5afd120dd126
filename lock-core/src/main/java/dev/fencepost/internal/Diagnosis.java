package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import java.util.List;
import java.util.Optional;

/** What a look at a node means to a client that knows what the node is called and which nodes make its cluster. */
sealed interface Diagnosis {
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

    /** Its marker, if it takes part. */
    default Optional<Marker> ready() {
        return this instanceof Ready now ? Optional.of(now.marker) : Optional.empty();
    }
}
