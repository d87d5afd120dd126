package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do when a change of the set of nodes is decided. Nodes that stay take part at once, with all that they remember, also those that were not set on their way; new ones when they have waited for the longest lease from then on. Any client
 * does so, whoever has begun the change; each is one atomic step on one node, and right whoever has done what meanwhile.
 */
final class Crossing {
    private static final Logger LOG = LoggerFactory.getLogger(Crossing.class);

    private final Quorum quorum;
    private final Move move;

    Crossing(Quorum quorum, Move move) {
        this.quorum = quorum;
        this.move = move;
    }

    /** What is the matter with a node that is on its way, for people. */
    static String onTheWay(Marker moving) {
        return "it is on its way into the set of nodes "
                + moving.identity().set().next()
                + "; if it stays so, make that change once more (docs/operations.md, 'More nodes, fewer, or others')";
    }

    /** Takes the next step for all that are to cross. */
    CompletionStage<Round.Result> run(List<Diagnosis> found) {
        CompletionStage<Round.Result> result = CompletableFuture.completedStage(Round.Result.NOTHING);
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).isToCross(move)) {
                result = result.thenCombine(step(i, found.get(i)), Round.Result::and);
            }
        }
        return result;
    }

    private CompletionStage<Round.Result> step(int node, Diagnosis found) {
        if (!quorum.allows(move.into().members())) {
            quorum.membership(node)
                    .hold("the cluster becomes one of " + move.into().members()
                            + ", and this client is not given all of these; give it the others as otherAddresses");
            return Round.Result.after(Round.LATER);
        }
        if (found instanceof Diagnosis.Ready ready) {
            return cross(node, ready.marker(), quorum.newNonce(), ready.seen());
        }
        if (found instanceof Diagnosis.Moving moving) {
            return cross(node, moving.marker(), moving.marker().life(), moving.seen());
        }
        Diagnosis.Waiting fresh = (Diagnosis.Waiting) found;
        Marker marker = fresh.marker();
        long longest = Math.max(
                quorum.settings().leases().longest().toMillis(),
                Math.max(move.longestMillis(), marker.terms().longestMillis()));
        long left = longest - (fresh.seen().nowMillis() - marker.terms().sinceMillis());
        boolean begun = marker.identity().epoch().equals(move.into().epoch());
        if (!begun || left > longest) {
            LOG.info("{} is new, and takes part in {} ms", quorum.name(node), longest);
            return Gather.exchange(quorum, node, fresh.seen(), Markers.founding(fresh, move, longest));
        }
        if (left > 0) {
            quorum.membership(node)
                    .hold("it is new, and stays out for " + left + " ms more, until no lease from before is left");
            return Round.Result.after(Recovery.checkBack(quorum, left));
        }
        return cross(node, marker, marker.life(), fresh.seen());
    }

    private CompletionStage<Round.Result> cross(int node, Marker marker, String life, Seen seen) {
        LOG.info(
                "{} takes part in the set of nodes {}",
                quorum.name(node),
                move.into().members());
        return Gather.exchange(quorum, node, seen, Markers.crossed(marker, life, seen, move));
    }
}
