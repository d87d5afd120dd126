package dev.fencepost.spi;

import java.util.function.LongSupplier;

/**
 * A clock in nanoseconds that never goes back and does not stand still while the machine sleeps, as {@link System#nanoTime()} does on Linux.
 *
 * <p>It follows the monotonic clock, and adds whatever the wall clock has gained on it at once: that is what a sleep looks like. A wall clock that is set forward looks the same; it makes leases
 * end early, never late. A wall clock that is set back changes nothing.
 */
final class SteadyClock implements LongSupplier {
    /** Less than this is the slow correction of a clock by NTP, and no sleep. */
    static final long LEAST_GAIN_NANOS = 20_000_000;

    /** The two readings belong together only if next to no time passed in between. */
    private static final long MOST_BETWEEN_NANOS = 1_000_000;

    private final LongSupplier monotonic;
    private final LongSupplier wall;
    private long gap;
    private long slept;

    /** A clock on those of the machine. */
    SteadyClock() {
        this(System::nanoTime, () -> System.currentTimeMillis() * 1_000_000);
    }

    SteadyClock(LongSupplier monotonic, LongSupplier wall) {
        this.monotonic = monotonic;
        this.wall = wall;
        this.gap = wall.getAsLong() - monotonic.getAsLong();
    }

    @Override
    public synchronized long getAsLong() {
        long before = monotonic.getAsLong();
        long shown = wall.getAsLong();
        long after = monotonic.getAsLong();
        if (after - before <= MOST_BETWEEN_NANOS) {
            long gain = shown - after - gap;
            if (gain >= LEAST_GAIN_NANOS) {
                slept += gain;
            }
            gap += gain;
        }
        return after + slept;
    }
}
