package dev.fencepost.internal;

/**
 * Counts what nodes answer to a request that each of them can only follow or not: whether a quorum still holds a lock.
 *
 * <p>Immutable. The caller hands in one answer a node.
 *
 * @param nodes how many nodes are configured
 * @param done how many held the lock and did what was asked
 * @param notHeld how many no longer hold the lock
 * @param silent how many did not take part
 */
record Tally(int nodes, int done, int notHeld, int silent) {
    /** What the answers so far come to. */
    enum Verdict {
        /** More answers are needed. */
        OPEN,
        /** A quorum holds the lock. */
        HELD,
        /** No quorum can hold the lock any more, whatever the rest would answer. */
        LOST,
        /** Too few nodes took part to tell. */
        UNAVAILABLE
    }

    static Tally of(int nodes) {
        return new Tally(nodes, 0, 0, 0);
    }

    Tally plusDone() {
        return new Tally(nodes, done + 1, notHeld, silent);
    }

    Tally plusNotHeld() {
        return new Tally(nodes, done, notHeld + 1, silent);
    }

    Tally plusSilent() {
        return new Tally(nodes, done, notHeld, silent + 1);
    }

    Verdict verdict() {
        int quorum = Ballot.quorum(nodes);
        int spare = nodes - quorum;
        if (done >= quorum) {
            return Verdict.HELD;
        }
        if (notHeld > spare) {
            return Verdict.LOST;
        }
        return notHeld + silent > spare ? Verdict.UNAVAILABLE : Verdict.OPEN;
    }
}
