package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply.Marker;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change of the set of nodes that is decided, and what it justifies. There was a moment when a quorum of a cluster was on its way, and from then on it completes no acquisition any more. Whatever it has completed
 * had been confirmed by one of these nodes before that set out. See {@code docs/protocol.md}.
 *
 * @param into what the cluster is called that it becomes
 * @param floor no token of the cluster before is larger
 * @param view newer than any of the cluster before in which an acquisition was completed
 * @param longestMillis the longest lease that any of the nodes knows of
 */
record Move(Into into, long floor, long view, long longestMillis) {
    private static final int LEAST = 3;

    /**
     * A cluster with other nodes than before.
     *
     * @param epoch what it is called
     * @param members what its nodes are called, in order
     * @param fresh the lives in which its new nodes wait
     */
    record Into(String epoch, List<String> members, List<String> fresh) {
        /** What a cluster becomes with these nodes. */
        static Into of(String before, List<String> members, List<String> fresh) {
            return new Into(Epoch.changed(before, members, fresh), members, fresh);
        }

        /** What a node is on its way into. */
        static Into of(Marker moving) {
            Marker.Identity identity = moving.identity();
            return of(identity.epoch(), identity.set().next(), identity.set().fresh());
        }
    }

    /**
     * The change that two looks at all nodes show to be decided: a quorum of one cluster is on its way into one other; or all of its nodes are on their way, and this is what most are on their way
     * into. A node that was on its way in the first look and lives the same life in the second was so at all times in between; all first looks came before all second ones.
     *
     * @param first for each node what it said of itself, if it was on its way; the replies to all of these came before any node was looked at again
     * @param second the same, later
     */
    static Optional<Move> decided(List<Optional<Marker>> first, List<Optional<Marker>> second) {
        return Cluster.both(first, second).entrySet().stream()
                .flatMap(one -> decided(one.getKey().members().size(), one.getValue()).stream())
                .findAny();
    }

    private static Optional<Move> decided(int nodes, List<Marker> moving) {
        Map<Into, Integer> votes = new HashMap<>();
        moving.forEach(marker -> votes.merge(Into.of(marker), 1, Integer::sum));
        // With as many votes for each, any one will do that is the same for everybody.
        Map.Entry<Into, Integer> most = votes.entrySet().stream()
                .max(Map.Entry.<Into, Integer>comparingByValue()
                        .thenComparing(vote -> vote.getKey().epoch, Comparator.reverseOrder()))
                .orElseThrow();
        return most.getValue() >= Ballot.quorum(nodes) || moving.size() == nodes
                ? Optional.of(of(most.getKey(), moving))
                : Optional.empty();
    }

    private static Move of(Into into, List<Marker> moving) {
        long floor = 0;
        long view = 0;
        long longest = 0;
        for (Marker marker : moving) {
            floor = Math.max(floor, marker.numbers().mark());
            view = Math.max(view, marker.numbers().view());
            longest = Math.max(longest, marker.terms().longestMillis());
        }
        return new Move(into, floor, view + 1, longest);
    }

    /** The change into a cluster that a node takes part in already: then it was decided. What all of that one's counters start from is beyond every token of the cluster before. */
    static Move witnessed(Marker ready) {
        Marker.Identity identity = ready.identity();
        return new Move(
                new Into(identity.epoch(), identity.members(), identity.set().fresh()),
                ready.numbers().floor(),
                ready.numbers().view(),
                ready.terms().longestMillis());
    }

    /** Whether a node that has forgotten nothing is of the cluster that is changed, and stays, whether or not it knows of the change. */
    boolean concerns(Marker before) {
        Marker.Identity identity = before.identity();
        return into.members.contains(identity.name())
                && Epoch.isBefore(identity.epoch(), into.epoch)
                && Epoch.changed(identity.epoch(), into.members, into.fresh).equals(into.epoch);
    }

    /** Whether a node that waits is new, and has never taken part since the change. */
    boolean isFresh(Marker waiting) {
        return into.fresh.contains(waiting.life())
                && into.members.contains(waiting.identity().name());
    }

    /**
     * Whether a cluster can become the other set at once, with leases that are held: so many nodes stay that they make a quorum of it, and each quorum of it that only has such nodes meets every quorum from before. To go
     * below three nodes, which is to bear no loss any more, is not possible: then one that is lost in the middle could leave nothing to go on with.
     */
    static boolean isPossible(List<String> before, List<String> after) {
        long stay = after.stream().filter(before::contains).count();
        int quorumAfter = Ballot.quorum(after.size());
        boolean bearsLoss = after.size() >= LEAST || before.size() < LEAST;
        return bearsLoss && stay >= quorumAfter && Ballot.quorum(before.size()) + quorumAfter > before.size();
    }
}
