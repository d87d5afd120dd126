package dev.fencepost.sim;

import dev.fencepost.spi.LockSettings;
import java.time.Duration;
import java.util.Optional;

/** All lengths of time in one place, in nanoseconds where nothing else is said. */
final class Timing {
    static final long MILLI = 1_000_000;
    static final long LEASE = 400 * MILLI;
    static final long LONGEST_LEASE = 800 * MILLI;
    static final long EXTENDED_UP_TO = 1_000 * MILLI;
    static final long NODE_TIMEOUT = 100 * MILLI;
    /** Where attempts are to be still under way when a node that has forgotten is back. */
    static final long LONG_NODE_TIMEOUT = 300 * MILLI;

    static final long LARGEST_PAUSE_BETWEEN_ATTEMPTS = 40 * MILLI;
    /** When faults stop and users make no new calls. */
    static final long HEALED = 2_500 * MILLI;
    /** The most that a message is late, or that a copy of it is. */
    static final long LATEST = 600 * MILLI;
    /** The longest that a process stands still at once. */
    static final long LONGEST_STANDSTILL = 900 * MILLI;
    /** How late a timer or a task fires where nothing is wrong. */
    static final long LATENESS = MILLI;
    /** How late a task is that waits for a thread. */
    static final long SLOW_TASK = 60 * MILLI;

    /**
     * What may still happen after the faults: somebody awakes, a late copy arrives and locks, a lease that nobody closes is kept until its cap and runs out on a clock
     * that was set back.
     */
    static final long QUIET_AFTER = HEALED + LONGEST_STANDSTILL + LATEST + EXTENDED_UP_TO + LONGEST_LEASE + LEASE;
    /** How long the last acquisitions may wait: for all that, and for each other. */
    static final long BOUND = QUIET_AFTER - HEALED + 1_500 * MILLI;

    /** Pauses between attempts, and leases, that outlast a run, so that nothing but being woken ends a wait. */
    private static final Duration LONG_PAUSE = Duration.ofMinutes(1);

    private static final Duration FOR_EVER = Duration.ofMinutes(5);

    private Timing() {}

    /** How the clients of a process take locks. */
    static LockSettings settings(Scenario.Shape shape, int process) {
        LockSettings settings = settings(shape.renewing(), shape.pace());
        return shape.thrifty() && process % 2 == 0 ? settings.thriftily() : settings;
    }

    private static LockSettings settings(boolean renewing, Scenario.Pace pace) {
        if (pace == Scenario.Pace.PATIENT) {
            return new LockSettings(
                    new LockSettings.Leases(FOR_EVER, FOR_EVER, 0.01, Optional.empty()),
                    new LockSettings.Retry(LONG_PAUSE, LONG_PAUSE, 0),
                    nanos(NODE_TIMEOUT),
                    new LockSettings.Recovery(false, true));
        }
        return new LockSettings(
                new LockSettings.Leases(
                        nanos(LEASE),
                        nanos(LONGEST_LEASE),
                        0.01,
                        renewing ? Optional.of(nanos(EXTENDED_UP_TO)) : Optional.empty()),
                new LockSettings.Retry(Duration.ofMillis(5), nanos(LARGEST_PAUSE_BETWEEN_ATTEMPTS), 0.5),
                nanos(pace == Scenario.Pace.HARD ? LONG_NODE_TIMEOUT : NODE_TIMEOUT),
                new LockSettings.Recovery(false, true));
    }

    /** What a lease of this length comes to after the allowance for drift. */
    static long usable(long ttlMillis) {
        return ttlMillis * MILLI - (ttlMillis * MILLI / 100 + 2 * MILLI);
    }

    static Duration nanos(long nanos) {
        return Duration.ofNanos(nanos);
    }
}
