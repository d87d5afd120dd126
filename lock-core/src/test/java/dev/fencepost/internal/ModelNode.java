package dev.fencepost.internal;

/**
 * One node as the search models it.
 *
 * @param owner which attempt holds the lock, or {@link #FREE}
 * @param counter where the token counter stands
 */
record ModelNode(int owner, int counter) {
    private static final int FREE = -1;

    static ModelNode startingAt(int counter) {
        return new ModelNode(FREE, counter);
    }

    boolean isFree() {
        return owner == FREE;
    }

    boolean isHeldBy(int attempt) {
        return owner == attempt;
    }

    /** The grant script, when the lock is free or the attempt's already. */
    ModelNode granted(int attempt, int tokens) {
        return new ModelNode(attempt, counter + tokens);
    }

    ModelNode freed() {
        return new ModelNode(FREE, counter);
    }

    ModelNode lifted(int token) {
        return token <= counter ? this : new ModelNode(owner, token);
    }

    /** The release script: lifts the counter in any case, and frees the lock if it is the attempt's. */
    ModelNode released(int attempt, int token) {
        ModelNode lifted = lifted(token);
        return isHeldBy(attempt) ? lifted.freed() : lifted;
    }
}
