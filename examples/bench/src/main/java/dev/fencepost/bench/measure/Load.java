package dev.fencepost.bench.measure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Puts load on something and measures it, as a rate or as latencies.
 *
 * <p>A closed loop, where each thread begins anew when it is done, tells how much is possible; its latencies are those of the calls, and say nothing about what did not get to call meanwhile. An open
 * loop begins at times that were fixed before, and counts from them: what is held up by a slow call counts as slow itself.
 */
public final class Load {
    /** Each thread goes round so many resources of its own, so that it does not come back to one that is still being released. */
    public static final int RESOURCES = 4_096;

    private static final int SIGNIFICANT_DIGITS = 3;

    /** What is done again and again, for a resource that nobody else uses at that time. */
    @FunctionalInterface
    public interface Operation {
        /** Does it once. */
        void on(String resource) throws Exception;
    }

    private Load() {}

    /** A histogram of nanoseconds that keeps everything with three significant digits. */
    public static Histogram histogram() {
        return new Histogram(SIGNIFICANT_DIGITS);
    }

    /** How often a second so many threads do it, in closed loops; each does it once at least. */
    public static double rate(int threads, Duration duration, Operation operation) {
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        List<Long> counts = Workers.run(threads, thread -> {
            long count = 0;
            do {
                operation.on(resource(threads, thread, count++));
            } while (System.nanoTime() - end < 0);
            return count;
        });
        return counts.stream().mapToLong(Long::longValue).sum() * 1e9 / (System.nanoTime() - start);
    }

    /** How long it takes one thread in a closed loop, each time; it does it once at least. */
    public static Histogram latencies(Duration duration, Operation operation) {
        Histogram histogram = histogram();
        long end = System.nanoTime() + duration.toNanos();
        try {
            long count = 0;
            long before = System.nanoTime();
            do {
                operation.on(resource(1, 0, count++));
                long after = System.nanoTime();
                histogram.recordValue(after - before);
                before = after;
            } while (before - end < 0);
        } catch (Exception e) {
            throw new IllegalStateException("what was to be measured failed: " + e, e);
        }
        return histogram;
    }

    /**
     * How long it takes, counted from when each was to begin: so many times a second, whether or not those before have ended, as far as the threads
     * suffice. Coordinated omission is accounted for by that: a call that begins late counts its lateness.
     */
    public static Histogram openLoop(int threads, double perSecond, Duration duration, Operation operation) {
        long start = System.nanoTime();
        double gapNanos = 1e9 / perSecond;
        long total = (long) (duration.toNanos() / gapNanos);
        List<Histogram> parts = Workers.run(threads, thread -> {
            Histogram histogram = histogram();
            for (long i = thread; i < total; i += threads) {
                long due = start + (long) (i * gapNanos);
                awaitTime(due);
                operation.on(resource(threads, thread, i));
                histogram.recordValue(System.nanoTime() - due);
            }
            return histogram;
        });
        Histogram all = histogram();
        parts.forEach(all::add);
        return all;
    }

    private static void awaitTime(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static String resource(int threads, int thread, long count) {
        return "threads-" + threads + "-" + thread + "/" + count % RESOURCES;
    }
}
