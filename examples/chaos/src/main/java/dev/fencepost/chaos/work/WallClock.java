package dev.fencepost.chaos.work;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The time of day in nanoseconds, which somebody may set. What a lease must not be measured by. */
final class WallClock implements LongSupplier {
    private final AtomicLong setMillis = new AtomicLong();

    /** Sets it forward, or back by a negative number. */
    void set(long byMillis) {
        setMillis.addAndGet(byMillis);
    }

    @Override
    public long getAsLong() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() + setMillis.get());
    }
}
