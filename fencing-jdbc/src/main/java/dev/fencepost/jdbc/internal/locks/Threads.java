package dev.fencepost.jdbc.internal.locks;

import dev.fencepost.spi.Scheduler;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a client besides those of its connections: one for what is due later, and two for the application's callbacks. */
public final class Threads {
    private static final int CALLBACK_THREADS = 2;

    private final ScheduledThreadPoolExecutor later = new ScheduledThreadPoolExecutor(1, named("fencepost-later"));
    private final ThreadPoolExecutor own = new ThreadPoolExecutor(
            CALLBACK_THREADS,
            CALLBACK_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named("fencepost-callback"));
    private final Executor executor;

    /** The application's executor is used where there is one, and otherwise two threads that end when idle. */
    public Threads(Optional<Executor> executor) {
        later.setRemoveOnCancelPolicy(true);
        own.allowCoreThreadTimeOut(true);
        this.executor = executor.orElse(own);
    }

    /** Where the application's own code runs. */
    public Executor executor() {
        return executor;
    }

    /** Runs short work later, on one thread. */
    public Scheduler scheduler() {
        return (delay, work) -> {
            Future<?> task = later.schedule(work, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
            return () -> task.cancel(false);
        };
    }

    /** Ends the threads; callbacks that were handed in still run. */
    public void close() {
        later.shutdownNow();
        own.shutdown();
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }
}
