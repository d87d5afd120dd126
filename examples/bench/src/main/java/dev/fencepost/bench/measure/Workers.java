package dev.fencepost.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs one loop on each of several threads, and hands on the first failure. */
public final class Workers {
    /** What one thread does. */
    @FunctionalInterface
    public interface Loop<T> {
        /** Works to its end; the number tells the threads apart, from 0. */
        T run(int thread) throws Exception;
    }

    private Workers() {}

    /** Runs the loop on so many threads and waits for all of them. */
    public static <T> List<T> run(int threads, Loop<T> loop) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                running.add(executor.submit(() -> loop.run(thread)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a loop of a benchmark failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        } finally {
            executor.shutdownNow();
        }
    }
}
