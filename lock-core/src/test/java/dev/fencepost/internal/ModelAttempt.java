package dev.fencepost.internal;

/**
 * One attempt as the search models it. What it decides is decided by a real {@link Ballot}; the rest is what the search knows and the attempt does not.
 *
 * @param phase how far it is
 * @param base the largest token that was complete when it began
 * @param grants what the nodes have granted, delivered or not: four bits a node, 0 for nothing
 * @param retried whether a grant has been repeated
 * @param ballot what it has been told
 * @param counted the nodes that it has reason to count for its token, one bit each
 * @param covered the nodes whose counter did pass through each of its tokens while it held the lock
 * @param token when it is over: its token, or what it would have been
 */
record ModelAttempt(
        Phase phase, int base, int grants, boolean retried, Ballot ballot, int counted, int covered, int token) {
    /** How far an attempt is. */
    enum Phase {
        NOT_BEGUN,
        RUNNING,
        COMPLETE,
        GIVEN_UP
    }

    private static final int BITS = 4;
    private static final int MAX_GRANT = (1 << BITS) - 1;

    static ModelAttempt notBegun(Ballot ballot) {
        return new ModelAttempt(Phase.NOT_BEGUN, 0, 0, false, ballot, 0, 0, 0);
    }

    ModelAttempt begun(int largestComplete) {
        return new ModelAttempt(Phase.RUNNING, largestComplete, 0, false, ballot, 0, 0, 0);
    }

    boolean isComplete() {
        return phase == Phase.COMPLETE;
    }

    int grant(int node) {
        return (grants >> (node * BITS)) & MAX_GRANT;
    }

    boolean isGrantedOnAll(int[] nodes) {
        for (int node : nodes) {
            if (grant(node) == 0) {
                return false;
            }
        }
        return true;
    }

    ModelAttempt withGrant(int node, int value) {
        if (value > MAX_GRANT) {
            throw new IllegalStateException("a counter of " + value + " is beyond the model");
        }
        int others = grants & ~(MAX_GRANT << (node * BITS));
        return new ModelAttempt(
                phase, base, others | (value << (node * BITS)), retried, ballot, counted, covered, token);
    }

    ModelAttempt withRetry() {
        return new ModelAttempt(phase, base, grants, true, ballot, counted, covered, token);
    }

    ModelAttempt told(Ballot news) {
        return new ModelAttempt(phase, base, grants, retried, news, counted, covered, token);
    }

    /** The node counts; and whether it truly may. */
    ModelAttempt counting(int node, boolean truly) {
        int bit = 1 << node;
        return new ModelAttempt(
                phase, base, grants, retried, ballot, counted | bit, truly ? covered | bit : covered, token);
    }

    /** Complete, with everything forgotten that makes no difference any more. */
    ModelAttempt completed(Ballot blank) {
        int kept = 0;
        for (int node = 0; counted >> node != 0; node++) {
            kept |= counts(node) ? grants & (MAX_GRANT << (node * BITS)) : 0;
        }
        return new ModelAttempt(Phase.COMPLETE, 0, kept, false, blank, counted, 0, Math.toIntExact(ballot.token()));
    }

    /** Not wanted any more, or failed, with everything forgotten that makes no difference any more. */
    ModelAttempt givenUp(Ballot blank) {
        return new ModelAttempt(Phase.GIVEN_UP, 0, 0, false, blank, 0, 0, Math.toIntExact(ballot.token()));
    }

    boolean counts(int node) {
        return ((counted >> node) & 1) == 1;
    }
}
