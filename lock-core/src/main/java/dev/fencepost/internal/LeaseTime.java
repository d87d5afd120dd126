package dev.fencepost.internal;

import java.time.Duration;

/**
 * The arithmetic of a lease on the holder's own clock, in nanoseconds. Only differences of the clock mean anything, and they stay right when it overflows.
 *
 * <p>A deadline is anchored at the moment <em>before</em> the first request was sent: no node can have started counting earlier.
 */
final class LeaseTime {
    private static final long FIXED_DRIFT_NANOS = Duration.ofMillis(2).toNanos();

    private LeaseTime() {}

    /**
     * What is taken off a lease because clocks do not run alike: a part of it, 1 % unless configured, and 2 ms (Redis counts in milliseconds), as in the Redlock
     * algorithm.
     *
     * @param ttlMillis how long the nodes hold the lock
     * @param drift the part
     */
    static long driftNanos(long ttlMillis, double drift) {
        return (long) Math.ceil(ttlMillis * 1_000_000 * drift) + FIXED_DRIFT_NANOS;
    }

    /**
     * When the holder must consider the lease over.
     *
     * @param sentNanos the clock before the first request was sent
     * @param ttlMillis how long the nodes hold the lock
     * @param drift the part of the lease that is not used
     */
    static long deadline(long sentNanos, long ttlMillis, double drift) {
        return sentNanos + ttlMillis * 1_000_000 - driftNanos(ttlMillis, drift);
    }

    /**
     * What is left until a deadline.
     *
     * @return nanoseconds, not negative
     */
    static long remainingNanos(long nowNanos, long deadlineNanos) {
        return Math.max(0, deadlineNanos - nowNanos);
    }

    /** The later of two deadlines: an extension never shortens a lease. */
    static long later(long deadlineNanos, long otherNanos) {
        return otherNanos - deadlineNanos > 0 ? otherNanos : deadlineNanos;
    }
}
