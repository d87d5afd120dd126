package dev.fencepost.internal;

import dev.fencepost.spi.NodeRequest.View;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which of the nodes that a client knows make the cluster, in which view: what a quorum of them was seen to agree on, or, while the view is {@link View#NONE}, what the client was told. A quorum is counted of all members,
 * reachable or not, and of nobody else. Immutable.
 */
final class Roster {
    private final View view;
    private final List<String> members;
    private final boolean[] isMember;
    private final int[] seats;
    private final Ballot blank;

    private Roster(View view, List<String> members, boolean[] isMember) {
        this.view = view;
        this.members = members;
        this.isMember = isMember;
        Ballot ballot = Ballot.of(isMember.length, Ballot.quorum(members.size()));
        for (int i = 0; i < isMember.length; i++) {
            ballot = isMember[i] ? ballot : ballot.silent(i);
        }
        this.blank = ballot;
        this.seats =
                IntStream.range(0, isMember.length).filter(i -> isMember[i]).toArray();
    }

    /**
     * Makes a roster.
     *
     * @param members what the members are called, in order
     * @param nodes what all nodes are called that the client knows, in order
     */
    static Roster of(View view, List<String> members, List<String> nodes) {
        boolean[] isMember = new boolean[nodes.size()];
        IntStream.range(0, isMember.length).forEach(i -> isMember[i] = members.contains(nodes.get(i)));
        return new Roster(view, List.copyOf(members), isMember);
    }

    /**
     * What is known after this was seen: a newer view of the same epoch, or another epoch unless it is an earlier one of the same cluster.
     *
     * @param nodes what all nodes are called that the client knows, in order
     */
    Roster after(Established seen, List<String> nodes) {
        if (view.epoch().equals(seen.view().epoch())) {
            return view.number() < seen.view().number() ? new Roster(seen.view(), members, isMember) : this;
        }
        return Epoch.isBefore(seen.view().epoch(), view.epoch()) ? this : of(seen.view(), seen.members(), nodes);
    }

    View view() {
        return view;
    }

    List<String> members() {
        return members;
    }

    /** Whether it was seen, and is not only what the client was told. */
    boolean isSeen() {
        return !view.equals(View.NONE);
    }

    boolean isMember(int node) {
        return isMember[node];
    }

    /** Which node a member is, in the order of their names. */
    int seat(int member) {
        return seats[member];
    }

    /** Whether a cluster that was seen is the one that this is of, should there be several: it comes of the same one; or, as long as none was seen, it has members of it. */
    boolean isLikely(Established other) {
        return isSeen()
                ? Epoch.of(view.epoch())
                        .origin()
                        .equals(Epoch.of(other.view().epoch()).origin())
                : members.stream().anyMatch(other.members()::contains);
    }

    /** How many of the members make a quorum. */
    int quorum() {
        return Ballot.quorum(members.size());
    }

    /** A ballot on which no member has voted yet, and on which nobody else has a vote. */
    Ballot ballot() {
        return blank;
    }

    @Override
    public String toString() {
        return members + " in view " + view.number();
    }
}
