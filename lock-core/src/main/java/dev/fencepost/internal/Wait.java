package dev.fencepost.internal;

import java.time.Duration;

/** How long a call has waited, and may. Immutable. */
final class Wait {
    private final Quorum quorum;
    private final long mostNanos;
    private final long startNanos;

    /** Begins now. */
    Wait(Quorum quorum, Duration most) {
        this.quorum = quorum;
        this.mostNanos = most.toNanos();
        this.startNanos = quorum.nanoTime();
    }

    /** What is left of it, in nanoseconds; negative when it is over. */
    long left() {
        return mostNanos - (quorum.nanoTime() - startNanos);
    }

    Duration soFar() {
        return Duration.ofNanos(quorum.nanoTime() - startNanos);
    }

    /** Whether it was over a node timeout ago: what is begun again before that is over within three, finding out about the nodes included. */
    boolean isLongOver() {
        return left() < -quorum.settings().nodeTimeout().toNanos();
    }
}
