package dev.fencepost.sim;

/** Something that has to hold did not. */
@SuppressWarnings("serial") // never serialized
final class Violation extends RuntimeException {
    private final Invariant invariant;

    Violation(Invariant invariant, String what) {
        super(invariant + ": " + what);
        this.invariant = invariant;
    }

    boolean isOf(Invariant one) {
        return invariant == one;
    }
}
