package dev.fencepost.internal;

import java.time.Duration;

/**
 * The arithmetic of a lease on the holder's own monotonic clock, in nanoseconds. Only differences of the clock mean anything, and they stay right
 * when it overflows.
 *
 * <p>A deadline is anchored at the moment <em>before</em> the first request was sent: no node can have started counting earlier.
 */
public final class LeaseTime {
    private static final long FIXED_DRIFT_NANOS = Duration.ofMillis(2).toNanos();
    private static final int DRIFT_DIVISOR = 100;

    private LeaseTime() {}

    /**
     * What is taken off a lease because clocks do not run alike: 1 % and 2 ms (Redis counts in milliseconds), as in the Redlock algorithm.
     *
     * @param ttlMillis how long the nodes hold the lock
     */
    public static long driftNanos(long ttlMillis) {
        return ttlMillis * 1_000_000 / DRIFT_DIVISOR + FIXED_DRIFT_NANOS;
    }

    /**
     * When the holder must consider the lease over.
     *
     * @param sentNanos the clock before the first request was sent
     * @param ttlMillis how long the nodes hold the lock
     */
    public static long deadline(long sentNanos, long ttlMillis) {
        return sentNanos + ttlMillis * 1_000_000 - driftNanos(ttlMillis);
    }

    /**
     * What is left until a deadline.
     *
     * @return nanoseconds, not negative
     */
    public static long remainingNanos(long nowNanos, long deadlineNanos) {
        return Math.max(0, deadlineNanos - nowNanos);
    }

    /** The later of two deadlines: an extension never shortens a lease. */
    public static long later(long deadlineNanos, long otherNanos) {
        return otherNanos - deadlineNanos > 0 ? otherNanos : deadlineNanos;
    }
}
