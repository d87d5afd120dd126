package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import java.util.List;
import java.util.Optional;

/** How markers follow from each other. */
final class Markers {
    private Markers() {}

    /**
     * Of a node that has forgotten, in a new life.
     *
     * @param node which of the quorum it is
     */
    static Marker waiting(Diagnosis.Forgotten found, Quorum quorum, int node) {
        String life = quorum.newNonce();
        Roster roster = quorum.roster();
        Seen seen = found.seen();
        Optional<Marker> before = found.before();
        // One that was on its way is not to be taken back into its old cluster by the word of whoever vouches for
        // disks.
        Optional<Marker> kept = before.filter(marker -> !marker.isMoving());
        long longest = quorum.settings().leases().longest().toMillis();
        return new Marker(
                false,
                life,
                before.map(Marker::numbers).orElse(new Marker.Numbers(0, 0, 0, 0)),
                new Marker.Terms(
                        before.map(marker -> Math.max(marker.terms().longestMillis(), longest))
                                .orElse(longest),
                        seen.nowMillis(),
                        kept.isPresent()),
                new Marker.Identity(
                        kept.map(marker -> marker.identity().memory()).orElse(life),
                        kept.map(marker -> marker.identity().epoch())
                                .orElse(roster.view().epoch()),
                        seen.process(),
                        quorum.name(node),
                        roster.members()));
    }

    /**
     * Of a node that has caught up.
     *
     * @param join what justifies it
     * @param epoch that of the nodes that it caught up from
     * @param longestMillis the longest lease that any of them knows of
     * @param remembers whether it has forgotten nothing, so that the locks on it are still good
     */
    static Marker joined(Diagnosis.Waiting found, Join join, String epoch, long longestMillis, boolean remembers) {
        Marker before = found.marker();
        Marker.Numbers numbers = before.numbers();
        return new Marker(
                true,
                before.life(),
                new Marker.Numbers(
                        join.view(),
                        Math.max(join.floor(), numbers.mark()),
                        Math.max(join.floor(), numbers.floor()),
                        remembers ? numbers.settled() : join.view()),
                new Marker.Terms(longestMillis, found.seen().nowMillis(), false),
                new Marker.Identity(
                        remembers ? before.identity().memory() : before.life(),
                        epoch,
                        found.seen().process(),
                        before.identity().name(),
                        before.identity().members()));
    }

    /**
     * Of a node that takes part no more, since its cluster is to become another set of nodes.
     *
     * @param life a new one
     * @param into what it is to become
     */
    static Marker moving(Diagnosis.Ready found, String life, Move.Into into) {
        Marker before = found.marker();
        Marker.Identity id = before.identity();
        return new Marker(
                false,
                life,
                before.numbers(),
                before.terms(),
                new Marker.Identity(
                        id.memory(),
                        id.epoch(),
                        id.process(),
                        id.name(),
                        new Marker.Members(id.members(), into.members(), into.fresh())));
    }

    /**
     * Of a node that is to become a member: it waits, and nobody knows yet for how long.
     *
     * @param life a new one
     * @param members what all nodes are to be called, in order
     */
    static Marker fresh(Seen seen, String life, String name, List<String> members) {
        return new Marker(
                false,
                life,
                new Marker.Numbers(0, 0, 0, 0),
                new Marker.Terms(0, seen.nowMillis(), false),
                new Marker.Identity(life, "", seen.process(), name, members));
    }

    /** Of a new node after the change is decided: its wait begins now. */
    static Marker founding(Diagnosis.Waiting found, Move move, long longestMillis) {
        Marker before = found.marker();
        return new Marker(
                false,
                before.life(),
                before.numbers(),
                new Marker.Terms(longestMillis, found.seen().nowMillis(), false),
                crossed(before.identity(), move));
    }

    /**
     * Of a node that takes part in the other set of nodes, with all that it remembers.
     *
     * @param before what it said of itself
     * @param life another one if it took part before
     */
    static Marker crossed(Marker before, String life, Seen seen, Move move) {
        Marker.Numbers numbers = before.numbers();
        return new Marker(
                true,
                life,
                new Marker.Numbers(
                        Math.max(move.view(), numbers.view()),
                        Math.max(move.floor(), numbers.mark()),
                        Math.max(move.floor(), numbers.floor()),
                        numbers.settled()),
                new Marker.Terms(
                        Math.max(move.longestMillis(), before.terms().longestMillis()), seen.nowMillis(), false),
                crossed(before.identity(), move));
    }

    private static Marker.Identity crossed(Marker.Identity id, Move move) {
        Move.Into into = move.into();
        return new Marker.Identity(
                id.memory(),
                into.epoch(),
                id.process(),
                id.name(),
                new Marker.Members(into.members(), List.of(), into.fresh()));
    }

    /**
     * Of a node of a cluster that is being formatted.
     *
     * @param epoch that of the cluster
     * @param floor what all counters start from
     */
    static Marker formatted(Diagnosis.Waiting found, String epoch, long floor) {
        Marker before = found.marker();
        return new Marker(
                true,
                before.life(),
                new Marker.Numbers(0, floor, floor, 0),
                new Marker.Terms(before.terms().longestMillis(), found.seen().nowMillis(), false),
                new Marker.Identity(
                        before.life(),
                        epoch,
                        found.seen().process(),
                        before.identity().name(),
                        before.identity().members()));
    }
}
