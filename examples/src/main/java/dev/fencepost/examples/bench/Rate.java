package dev.fencepost.examples.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures how many pairs of acquire and release a way does in a second. */
final class Rate {
    /** Each thread goes round so many resources of its own, so that it does not come back to one that is still being released. */
    private static final int RESOURCES = 4_096;

    private Rate() {}

    /** Pairs a second over all threads, until nothing is under way any more. */
    static double measure(Way way, int threads, Duration duration) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            long start = System.nanoTime();
            long end = start + duration.toNanos();
            List<Future<Long>> loops = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String prefix = "thread-" + threads + "-" + i + "/";
                loops.add(executor.submit(() -> loop(way, prefix, end)));
            }
            long pairs = 0;
            for (Future<Long> loop : loops) {
                pairs += loop.get();
            }
            way.settle();
            return pairs * 1e9 / (System.nanoTime() - start);
        } catch (ExecutionException e) {
            throw new IllegalStateException(way.title() + " failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring " + way.title(), e);
        } finally {
            executor.shutdownNow();
        }
    }

    private static long loop(Way way, String prefix, long end) {
        long pairs = 0;
        while (System.nanoTime() - end < 0) {
            way.acquireAndRelease(prefix + pairs % RESOURCES);
            pairs++;
        }
        return pairs;
    }
}
