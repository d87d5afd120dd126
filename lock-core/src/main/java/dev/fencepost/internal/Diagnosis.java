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

/** What a look at a node means: first by itself, and then to a client that knows {@linkplain #within which nodes} make the cluster. */
sealed interface Diagnosis {
    /** What is the matter with a node that {@link #isOutlivedBy is outlived}. */
    String OUTLIVED =
            "the cluster was formatted anew, or its set of nodes was changed, without it; any client brings it in";

    /** It takes part, in the life that its marker names. */
    record Ready(Marker marker, Seen seen) implements Diagnosis {}

    /** It takes part in nothing any more, remembers everything, and is on its way into another set of nodes. */
    record Moving(Marker marker, Seen seen) implements Diagnosis {}

    /** It has forgotten, says so, and waits to be brought back. */
    record Waiting(Marker marker, Seen seen) implements Diagnosis {
        /** Whether nothing shows that it was ever used. */
        boolean isBlank() {
            return !marker.terms().kept() && marker.numbers().mark() == 0;
        }
    }

    /**
     * It has forgotten, and does not know it yet.
     *
     * @param before the marker of an earlier process, so that it may have kept its data; empty if nothing is left
     * @param why what happened, for people
     */
    record Forgotten(Optional<Marker> before, Seen seen, String why) implements Diagnosis {}

    /** It is no member of the cluster. */
    record Spare() implements Diagnosis {
        static final Spare INSTANCE = new Spare();
        static final String WHY = "it is no member of the cluster";
    }

    /** It must not be touched. */
    record Refused(String why) implements Diagnosis {}

    /** It does not answer. */
    record Silent(String why) implements Diagnosis {}

    /**
     * Judges a look at a node by itself.
     *
     * @param name what the node is called
     */
    static Diagnosis of(NodeReply look, String name) {
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
        if (!marker.identity().name().equals(name)) {
            return new Refused("it is the node " + marker.identity().name() + " of the cluster of "
                    + marker.identity().members()
                    + "; give all clients the same nodes by the same names, or wipe it if it is a copy of that one");
        }
        if (!marker.identity().process().equals(seen.process())) {
            boolean kept = marker.ready() || marker.isMoving() || marker.terms().kept();
            return new Forgotten(
                    kept ? Optional.of(marker) : Optional.empty(), seen, "it has restarted, or was restored");
        }
        if (marker.isMoving()) {
            return new Moving(marker, seen);
        }
        return marker.ready() ? new Ready(marker, seen) : new Waiting(marker, seen);
    }

    /** What it means where these nodes make the cluster. What one knows that belonged to it before its set of nodes was changed is of no use, and it has as good as forgotten. */
    default Diagnosis within(Roster roster, int node) {
        if (!roster.isMember(node)) {
            return Spare.INSTANCE;
        }
        Optional<Seen> seen = sight();
        if (seen.isEmpty()) {
            return this;
        }
        Optional<Marker> marker = seen.get().marker();
        if (marker.isEmpty()) {
            return this;
        }
        Marker.Identity identity = marker.get().identity();
        if (roster.isSeen() && isOutlived(identity, roster)) {
            return new Forgotten(Optional.empty(), seen.get(), OUTLIVED);
        }
        boolean comes = this instanceof Moving && identity.set().next().equals(roster.members());
        return identity.members().equals(roster.members()) || comes
                ? this
                : new Refused(
                        "it belongs to the cluster of " + identity.members() + ", and this client "
                                + (roster.isSeen() ? "goes by " : "is given ") + roster.members()
                                + "; give all clients the same nodes by the same names, or this one the rest of these as otherAddresses");
    }

    /** Also if it waits for no cluster in particular: it may have begun before the set of nodes was changed, or have been meant for a set that never came to be. */
    private static boolean isOutlived(Marker.Identity identity, Roster roster) {
        String now = roster.view().epoch();
        boolean forThis =
                identity.members().equals(roster.members()) && Epoch.of(now).changes() == 0;
        return Epoch.isBefore(identity.epoch(), now) || (identity.epoch().isEmpty() && !forThis);
    }

    /** Looks at those nodes of a quorum, and waits for none longer than the node timeout. The others are {@link Silent}. */
    static CompletionStage<List<Diagnosis>> look(Quorum quorum, IntPredicate whom) {
        return Gather.of(quorum, whom, node -> quorum.membership(node).look())
                .thenApply(looks -> IntStream.range(0, looks.size())
                        .mapToObj(i -> of(looks.get(i), quorum.name(i)))
                        .toList());
    }

    /** Judges what was found of each node, where these nodes make the cluster. */
    static List<Diagnosis> within(List<Diagnosis> found, Roster roster) {
        return IntStream.range(0, found.size())
                .mapToObj(i -> found.get(i).within(roster, i))
                .toList();
    }

    /** Whether it takes part in a cluster that is no more, since a quorum is seen to make another. It is not if it may be ahead of that quorum, which was looked at a moment before. */
    default boolean isOutlivedBy(Optional<View> established) {
        Optional<String> own = ready().map(marker -> marker.identity().epoch());
        return established
                .map(View::epoch)
                .filter(epoch -> own.isPresent() && !epoch.equals(own.get()) && !Epoch.isBefore(epoch, own.get()))
                .isPresent();
    }

    /** Its marker, if it takes part. */
    default Optional<Marker> ready() {
        return this instanceof Ready now ? Optional.of(now.marker) : Optional.empty();
    }

    /** Its marker, if it is on its way into another set of nodes. */
    default Optional<Marker> moving() {
        return this instanceof Moving now ? Optional.of(now.marker) : Optional.empty();
    }

    /** Whether it says that it is, or is to be, of this epoch. */
    default boolean isIn(String epoch) {
        return sight().flatMap(Seen::marker)
                .filter(marker -> marker.identity().epoch().equals(epoch))
                .isPresent();
    }

    /** Whether it has its part in a change that is decided still before it: it stays, and has not crossed, or it is new and has not taken part yet. */
    default boolean isToCross(Move move) {
        Optional<Marker> remembers = ready().or(this::moving);
        return remembers.isPresent()
                ? move.concerns(remembers.get())
                : this instanceof Waiting waiting && move.isFresh(waiting.marker);
    }

    /** What the look showed; empty if there is nothing to judge. */
    default Optional<Seen> sight() {
        if (this instanceof Ready now) {
            return Optional.of(now.seen);
        }
        if (this instanceof Moving now) {
            return Optional.of(now.seen);
        }
        if (this instanceof Waiting now) {
            return Optional.of(now.seen);
        }
        return this instanceof Forgotten now ? Optional.of(now.seen) : Optional.empty();
    }

    /** How it was found, for people. */
    default String describe() {
        if (this instanceof Silent silent) {
            return silent.why;
        }
        if (this instanceof Refused refused) {
            return refused.why;
        }
        if (this instanceof Forgotten forgotten) {
            return forgotten.why;
        }
        if (this instanceof Moving moving) {
            return Crossing.onTheWay(moving.marker);
        }
        if (this instanceof Spare) {
            return Spare.WHY;
        }
        return this instanceof Ready ready
                ? "it takes part in the cluster of " + ready.marker.identity().members()
                : "it waits to be brought back";
    }
}
