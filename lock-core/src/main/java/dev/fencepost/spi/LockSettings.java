package dev.fencepost.spi;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a client takes locks. Immutable, and checked when made.
 *
 * @param leases how long locks are held
 * @param retry how to wait for a lock that is held
 * @param nodeTimeout how long an attempt waits for nodes that stay silent, less than the lease; a quorum of fast nodes never waits for it
 * @param recovery what to do with nodes that have forgotten
 * @param thrifty whether attempts ask a quorum of the nodes first, and the others only if they are needed
 */
public record LockSettings(Leases leases, Retry retry, Duration nodeTimeout, Recovery recovery, boolean thrifty) {
    /** The shortest lease. Below it the allowance for clock drift and one round trip leave nothing. */
    public static final Duration MIN_LEASE = Duration.ofMillis(10);

    /** The longest lease that can be allowed: a day. A lock that must outlive a day is not a lease. */
    public static final Duration MAX_LEASE = Duration.ofDays(1);

    /** As the cap of automatic extension: none. */
    public static final Duration NO_CAP = Duration.ofDays(36_500);

    /** Leases of 30 s (5 min at most) without automatic extension, pauses of 10 to 200 ms, and half a second for a silent node. */
    public static final LockSettings DEFAULT = new LockSettings(
            new Leases(Duration.ofSeconds(30), Duration.ofMinutes(5), 0.01, Optional.empty()),
            new Retry(Duration.ofMillis(10), Duration.ofMillis(200), 0.5),
            Duration.ofMillis(500));

    /**
     * How long locks are held.
     *
     * @param length how long a lock is held unless it is extended; from {@link #MIN_LEASE} to {@code longest}
     * @param longest the longest lease that this client ever asks for, {@link #MAX_LEASE} at most; the same for all clients of a cluster, since a node
     *     that has lost its memory stays out for this long
     * @param drift the part of a lease that is not used because clocks do not run alike, from 0 to 0.5
     * @param extendedUpTo automatic extension, until a lease is this old; empty for none
     */
    public record Leases(Duration length, Duration longest, double drift, Optional<Duration> extendedUpTo) {
        /**
         * Checks the values against each other.
         *
         * @param length how long a lock is held unless it is extended
         * @param longest the longest lease that this client ever asks for
         * @param drift the part of a lease that is not used
         * @param extendedUpTo automatic extension, until a lease is this old
         * @throws IllegalArgumentException if one is not allowed; the message names it, its value, and what is allowed
         */
        public Leases {
            require("maxLease", longest, MIN_LEASE, MAX_LEASE);
            require("lease", length, MIN_LEASE, longest);
            requireFraction("drift", drift, 0.5);
            extendedUpTo.ifPresent(cap -> require("autoExtend", cap, MIN_LEASE, NO_CAP));
        }
    }

    /**
     * How to wait for a lock that is held.
     *
     * @param first the first pause between two attempts; pauses double
     * @param largest what the pauses grow to
     * @param jitter by what part of itself a pause may be shorter or longer, from 0 to 1
     */
    public record Retry(Duration first, Duration largest, double jitter) {
        /**
         * Checks the values against each other.
         *
         * @param first the first pause between two attempts
         * @param largest what the pauses grow to
         * @param jitter by what part of itself a pause may be shorter or longer
         * @throws IllegalArgumentException if one is not allowed; the message names it, its value, and what is allowed
         */
        public Retry {
            require("retryDelay", first, Duration.ofMillis(1), Duration.ofMinutes(1));
            require("maxRetryDelay", largest, first, Duration.ofMinutes(10));
            requireFraction("retryJitter", jitter, 1);
        }
    }

    /**
     * What to do with nodes that have forgotten. Every one of them catches up from a quorum of the others, whatever is said here.
     *
     * @param durable whether somebody vouches for the disks of the nodes, so that a node that restarts with its data, and is seen to write it durably, has forgotten no lock
     * @param formatBlank whether to make a new cluster of the nodes if all of them are blank
     */
    public record Recovery(boolean durable, boolean formatBlank) {
        /** Nobody vouches for anything. */
        public static final Recovery STRICT = new Recovery(false, false);
    }

    /**
     * Settings that are strict about nodes that have forgotten.
     *
     * @param leases how long locks are held
     * @param retry how to wait for a lock that is held
     * @param nodeTimeout how long an attempt waits for nodes that stay silent
     */
    public LockSettings(Leases leases, Retry retry, Duration nodeTimeout) {
        this(leases, retry, nodeTimeout, Recovery.STRICT);
    }

    /**
     * Settings that are not thrifty.
     *
     * @param leases how long locks are held
     * @param retry how to wait for a lock that is held
     * @param nodeTimeout how long an attempt waits for nodes that stay silent
     * @param recovery what to do with nodes that have forgotten
     */
    public LockSettings(Leases leases, Retry retry, Duration nodeTimeout, Recovery recovery) {
        this(leases, retry, nodeTimeout, recovery, false);
    }

    /**
     * Checks the values against each other.
     *
     * @param leases how long locks are held
     * @param retry how to wait for a lock that is held
     * @param nodeTimeout how long an attempt waits for nodes that stay silent
     * @param recovery what to do with nodes that have forgotten
     * @param thrifty whether attempts ask a quorum of the nodes first
     * @throws IllegalArgumentException if one is not allowed; the message names it, its value, and what is allowed
     */
    public LockSettings {
        Objects.requireNonNull(leases, "leases");
        Objects.requireNonNull(retry, "retry");
        Objects.requireNonNull(recovery, "recovery");
        require(
                "nodeTimeout",
                nodeTimeout,
                Duration.ofMillis(1),
                leases.length().minusMillis(1));
    }

    /**
     * The same settings for a client whose attempts ask a quorum of the nodes first.
     *
     * @return thrifty settings
     */
    public LockSettings thriftily() {
        return new LockSettings(leases, retry, nodeTimeout, recovery, true);
    }

    /**
     * Checks a lease that somebody asks for.
     *
     * @param name what the value is called in the message
     * @param asked the length of the lease
     * @return the same length
     * @throws IllegalArgumentException if it is shorter than {@link #MIN_LEASE} or longer than the longest
     */
    public Duration requireLease(String name, Duration asked) {
        return require(name, asked, MIN_LEASE, leases.longest());
    }

    private static Duration require(String name, Duration value, Duration least, Duration most) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    name + " must be from " + show(least) + " to " + show(most) + ", but is " + show(value));
        }
        return value;
    }

    private static void requireFraction(String name, double value, double most) {
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException(name + " must be from 0 to " + most + ", but is " + value);
        }
    }

    private static String show(Duration value) {
        return value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(MAX_LEASE) > 0
                ? value.toString()
                : value.toMillis() + " ms";
    }
}
