package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply.Marker;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** All nodes looked at twice, and all first looks before all second ones: what was found on a node both times, in one life, was so on all such nodes at one moment in between. */
final class TwoLooks {
    private final Quorum quorum;
    private final List<Diagnosis> first;
    private final List<Diagnosis> second;

    private TwoLooks(Quorum quorum, List<Diagnosis> first, List<Diagnosis> second) {
        this.quorum = quorum;
        this.first = first;
        this.second = second;
    }

    /** Looks, and waits for no node longer than the node timeout each time. */
    static CompletionStage<TwoLooks> at(Quorum quorum) {
        return Diagnosis.look(quorum, node -> true)
                .thenCompose(first -> Diagnosis.look(quorum, node -> !(first.get(node) instanceof Diagnosis.Silent))
                        .thenApply(second -> new TwoLooks(quorum, first, second)));
    }

    /** How each node was found last. */
    List<Diagnosis> latest() {
        return IntStream.range(0, first.size())
                .mapToObj(i -> first.get(i) instanceof Diagnosis.Silent ? first.get(i) : second.get(i))
                .toList();
    }

    /** The cluster that they show, if the client can make do with its nodes. */
    Optional<Established> established() {
        return established(quorum.roster()::isLikely);
    }

    /**
     * The same.
     *
     * @param likely which of several clusters is meant
     */
    Optional<Established> established(Predicate<Established> likely) {
        Predicate<Marker> allowed = marker -> quorum.allows(marker.identity().members());
        return Established.of(
                markers(first, found -> found.ready().filter(allowed)),
                markers(second, found -> found.ready().filter(allowed)),
                likely);
    }

    /** The change that they show to be decided: by nodes that are on their way, or by one that has crossed, while others are still to do so. */
    Optional<Move> move() {
        return Move.decided(markers(first, Diagnosis::moving), markers(second, Diagnosis::moving))
                .or(() -> second.stream()
                        .flatMap(found -> found.ready().stream())
                        .map(Move::witnessed)
                        .filter(move -> second.stream().anyMatch(found -> found.isToCross(move)))
                        .findAny());
    }

    private static List<Optional<Marker>> markers(List<Diagnosis> found, Function<Diagnosis, Optional<Marker>> marker) {
        return found.stream().map(marker).toList();
    }
}
