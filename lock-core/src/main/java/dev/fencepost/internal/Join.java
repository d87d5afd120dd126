package dev.fencepost.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one client knows when it brings back one node that has forgotten, and what that justifies.
 *
 * <ol>
 *   <li>Other nodes that are ready move to a new view and tell their <em>marks</em>: no token that they have issued or learned is larger.
 *   <li>They are looked at once more. If a quorum of them still lives the life in which it told its mark, there was a moment when all of these were in the new view or
 *       a later one: the view is <em>established</em>.
 *   <li>Only then may the node be made ready, with counters that start from the largest of the marks.
 * </ol>
 *
 * <p>Whatever acquisition the node may have forgotten had been confirmed by one of these nodes before it told its mark, or is not completed any more, since that node refuses
 * its view. See {@code docs/protocol.md}.
 *
 * <p>Immutable: each event gives a new value. Nodes are numbered from 0; lives are told apart by {@code equals}.
 */
final class Join {
    private final int quorum;
    private final int node;
    private final long view;
    private final long[] marks;
    private final @Nullable String[] lives;
    private final boolean[] still;

    private Join(Join before, long[] marks, @Nullable String[] lives, boolean[] still) {
        this.quorum = before.quorum;
        this.node = before.node;
        this.view = before.view;
        this.marks = marks;
        this.lives = lives;
        this.still = still;
    }

    private Join(int nodes, int quorum, int node, long view) {
        this.quorum = quorum;
        this.node = node;
        this.view = view;
        this.marks = new long[nodes];
        this.lives = new String[nodes];
        this.still = new boolean[nodes];
    }

    /**
     * Nothing is known yet.
     *
     * @param nodes how many nodes are configured, reachable or not
     * @param node which of them is to be brought back
     * @param view the new view
     */
    static Join of(int nodes, int node, long view) {
        return new Join(nodes, Ballot.quorum(nodes), node, view);
    }

    /** The same among those nodes of a client that make the cluster. */
    static Join of(int nodes, Roster roster, int node, long view) {
        return new Join(nodes, roster.quorum(), node, view);
    }

    int node() {
        return node;
    }

    long view() {
        return view;
    }

    /** Another node has moved to the view, and told its mark, in this life. The node itself has nothing to tell. */
    Join marked(int other, String life, long mark) {
        if (other == node || lives[other] != null) {
            return this;
        }
        long[] moreMarks = marks.clone();
        moreMarks[other] = mark;
        @Nullable String[] moreLives = lives.clone();
        moreLives[other] = life;
        return new Join(this, moreMarks, moreLives, still);
    }

    /** Another node was looked at after a quorum had told its marks, and was ready, in this life. */
    Join seen(int other, String life) {
        if (!hasMarks() || !life.equals(lives[other])) {
            return this;
        }
        boolean[] more = still.clone();
        more[other] = true;
        return new Join(this, marks, lives, more);
    }

    /** Whether the node has told its mark. */
    boolean isMarked(int other) {
        return lives[other] != null;
    }

    /** Whether a quorum has told its marks, so that it may be looked at again. */
    boolean hasMarks() {
        int told = 0;
        for (String life : lives) {
            told += life == null ? 0 : 1;
        }
        return told >= quorum;
    }

    /** Whether the view is established, and the node may be made ready. */
    boolean isEstablished() {
        int same = 0;
        for (boolean one : still) {
            same += one ? 1 : 0;
        }
        return same >= quorum;
    }

    /** What the counters of the node have to start from; good for nothing unless the view is established. */
    long floor() {
        return Arrays.stream(marks).max().orElse(0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Join that
                && quorum == that.quorum
                && node == that.node
                && view == that.view
                && Arrays.equals(marks, that.marks)
                && Arrays.equals(lives, that.lives)
                && Arrays.equals(still, that.still);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(marks) + Arrays.hashCode(lives))
                + Arrays.hashCode(still)
                + Long.hashCode(view);
    }

    @Override
    public String toString() {
        return "node " + node + " into view " + view + ", marks " + Arrays.toString(marks) + " told in "
                + Arrays.toString(lives) + ", still there " + Arrays.toString(still);
    }
}
