package dev.fencepost.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * How a client takes locks. Immutable, and checked when made.
 *
 * @param lease how long a lock is held unless it is extended; from {@link #MIN_LEASE} to {@code maxLease}, and more than {@code nodeTimeout}
 * @param maxLease the longest lease that this client ever asks for, {@link #MAX_LEASE} at most; the same for all clients of a cluster, since a
 *     node that has lost its memory stays out for this long
 * @param nodeTimeout how long an attempt waits for nodes that stay silent; a quorum of fast nodes never waits for it
 * @param retryDelay the first pause between two attempts to get a lock that is held; pauses are jittered by half
 * @param maxRetryDelay what the pauses grow to, doubling each time
 */
public record LockSettings(
        Duration lease, Duration maxLease, Duration nodeTimeout, Duration retryDelay, Duration maxRetryDelay) {
    /** The shortest lease. Below it the allowance for clock drift and one round trip leave nothing. */
    public static final Duration MIN_LEASE = Duration.ofMillis(10);

    /** The longest lease that can be allowed: a day. A lock that must outlive a day is not a lease. */
    public static final Duration MAX_LEASE = Duration.ofDays(1);

    /** Leases of 30 s (5 min at most), half a second for a silent node, and pauses of 10 to 200 ms. */
    public static final LockSettings DEFAULT = new LockSettings(
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofMillis(500),
            Duration.ofMillis(10),
            Duration.ofMillis(200));

    /**
     * Checks the values against each other.
     *
     * @param lease how long a lock is held unless it is extended
     * @param maxLease the longest lease that this client ever asks for
     * @param nodeTimeout how long an attempt waits for nodes that stay silent
     * @param retryDelay the first pause between two attempts
     * @param maxRetryDelay what the pauses grow to
     * @throws IllegalArgumentException if one is not allowed; the message names it, its value, and what is allowed
     */
    public LockSettings {
        require("maxLease", maxLease, MIN_LEASE, MAX_LEASE);
        require("lease", lease, MIN_LEASE, maxLease);
        require("nodeTimeout", nodeTimeout, Duration.ofMillis(1), lease.minusMillis(1));
        require("retryDelay", retryDelay, Duration.ofMillis(1), Duration.ofMinutes(1));
        require("maxRetryDelay", maxRetryDelay, retryDelay, Duration.ofMinutes(10));
    }

    /**
     * Checks a lease that somebody asks for.
     *
     * @param name what the value is called in the message
     * @param asked the length of the lease
     * @return the same length
     * @throws IllegalArgumentException if it is shorter than {@link #MIN_LEASE} or longer than {@link #maxLease()}
     */
    public Duration requireLease(String name, Duration asked) {
        return require(name, asked, MIN_LEASE, maxLease);
    }

    private static Duration require(String name, Duration value, Duration least, Duration most) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    name + " must be from " + show(least) + " to " + show(most) + ", but is " + show(value));
        }
        return value;
    }

    private static String show(Duration value) {
        return value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(MAX_LEASE) > 0
                ? value.toString()
                : value.toMillis() + " ms";
    }
}
