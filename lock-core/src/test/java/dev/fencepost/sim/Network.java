package dev.fencepost.sim;

import java.util.SplittableRandom;

/** What becomes of a message. */
final class Network {
    private static final long FASTEST = Timing.MILLI / 20;
    private static final long USUAL = 2 * Timing.MILLI;
    private static final long SLOW = 40 * Timing.MILLI;

    private final Simulation world;

    Network(Simulation world) {
        this.world = world;
    }

    /** How long a message takes. */
    long delay() {
        if (isHit(Fault.DELAYS, 12)) {
            return FASTEST + random().nextLong(Timing.LATEST);
        }
        return FASTEST + random().nextLong(isHit(Fault.REORDERING, 2) ? SLOW : USUAL);
    }

    /** How long the second copy of a message takes. */
    long lateDelay() {
        return FASTEST + random().nextLong(random().nextBoolean() ? Timing.LATEST : 5 * USUAL);
    }

    /** Whether a lock ends early just before a request gets to the node, which is when it matters most. */
    boolean expiresEarly() {
        return isHit(Fault.EARLY_EXPIRY, 4);
    }

    boolean losesRequest() {
        return isHit(Fault.LOSS, 15);
    }

    boolean losesReply() {
        return isHit(Fault.REPLIES_LOST, 15);
    }

    boolean duplicates() {
        return isHit(Fault.DUPLICATES, 10);
    }

    private boolean isHit(Fault fault, int oneIn) {
        return world.has(fault) && random().nextInt(oneIn) == 0;
    }

    private SplittableRandom random() {
        return world.random();
    }
}
