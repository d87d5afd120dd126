package dev.fencepost.sim;

/** Something that has to hold did not. */
@SuppressWarnings("serial") // never serialized
final class Violation extends RuntimeException {
    Violation(Invariant invariant, String what) {
        super(invariant + ": " + what);
    }
}
