package dev.fencepost.internal;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Whether the attempts of an acquisition and those of others stand in each other's way, and what to do about it. Guarded by whoever has it. */
final class Splits {
    /** After so many in a row one node goes first. */
    private static final int MOST = 3;

    /** After so many short pauses they become longer again: then somebody holds the resource, but not on all nodes. */
    private static final int MOST_HURRIES = 6;

    private int inARow;
    private int gate = Attempt.ALL_AT_ONCE;
    private boolean unheard = true;
    private boolean contended;
    private boolean hurries;
    private int hurried;

    /** A turn begins. A release that was announced just now may not have been heard, and one that makes room for it in its own process may not have taken effect. */
    void begin() {
        unheard = true;
    }

    /** A release was heard of. */
    void hear() {
        hurried = 0;
    }

    /** Takes note of how an attempt ended. */
    void note(Outcome outcome) {
        hurries = false;
        contended = outcome instanceof Outcome.Contended;
        if (outcome instanceof Outcome.Contended lost) {
            inARow = lost.split() ? inARow + 1 : 0;
            gate = inARow >= MOST ? lost.answered() : Attempt.ALL_AT_ONCE;
            hurries = lost.split() || unheard;
            unheard = false;
        }
    }

    /** How long to pause after that: not for long where perhaps nobody holds the resource, so that no release would end the pause. */
    Duration pause(Duration usual, RandomGenerator random) {
        return hurries ? shortened(usual, random) : usual;
    }

    /** How long to pause where perhaps nobody holds the resource any more, as turns out in a pause of which so much is left. */
    Duration shortened(Duration left, RandomGenerator random) {
        if (!contended) {
            return left;
        }
        int doublings = Math.max(0, Math.min(hurried - MOST_HURRIES, MOST_HURRIES * 2));
        Duration quick = Backoff.soon(random).multipliedBy(1L << doublings);
        if (quick.compareTo(left) >= 0) {
            return left;
        }
        hurried++;
        return quick;
    }

    /** The node that the next attempt asks first, the same for all: of several that split the nodes between them again and again, one wins. Or {@link Attempt#ALL_AT_ONCE}. */
    int gate() {
        return gate;
    }
}
