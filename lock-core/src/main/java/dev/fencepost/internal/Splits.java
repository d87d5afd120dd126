package dev.fencepost.internal;

/** Whether the attempts of an acquisition and those of others stand in each other's way, and what to do about it. Guarded by whoever has it. */
final class Splits {
    private static final int MOST = 3;

    private int inARow;
    private int gate = Attempt.ALL_AT_ONCE;
    private boolean unheard = true;
    private boolean hurried;

    /** A turn begins. A release that was announced just now may not have been heard, and one that makes room for it in its own process may not have taken effect. */
    void begin() {
        unheard = true;
    }

    /** Takes note of how an attempt ended. */
    void note(Outcome.Contended contended) {
        inARow = contended.split() ? inARow + 1 : 0;
        gate = inARow >= MOST ? contended.answered() : Attempt.ALL_AT_ONCE;
        hurried = contended.split() || unheard;
        unheard = false;
    }

    /** Whether perhaps nobody holds the resource, so that no release would end a long pause. */
    boolean hurried() {
        return hurried;
    }

    /** The node that the next attempt asks first, the same for all: of several that split the nodes between them again and again, one wins. Or {@link Attempt#ALL_AT_ONCE}. */
    int gate() {
        return gate;
    }
}
