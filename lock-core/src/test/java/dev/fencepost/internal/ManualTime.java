package dev.fencepost.internal;

import dev.fencepost.spi.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * A clock that stands still until it is told to move, and a scheduler that goes by it. Work runs on the thread that moves the clock, in the order of its time, with
 * the clock at its time. Safe for use by many threads.
 */
final class ManualTime implements Scheduler {
    private record Entry(long dueNanos, long number, Runnable work) {}

    /** How long to wait for another thread before the test has failed. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparingLong(Entry::dueNanos).thenComparingLong(Entry::number));
    private long nanos;
    private long scheduled;

    synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized Task schedule(Duration delay, Runnable work) {
        Entry entry = new Entry(nanos + Math.max(0, delay.toNanos()), scheduled++, work);
        entries.add(entry);
        notifyAll();
        return () -> remove(entry);
    }

    void advance(Duration by) {
        long until = nanoTime() + by.toNanos();
        for (Optional<Entry> due = takeDue(until); due.isPresent(); due = takeDue(until)) {
            due.get().work().run();
        }
        moveTo(until);
    }

    /** Waits until another thread has scheduled something. */
    synchronized void awaitWork() {
        long patience = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (entries.isEmpty()) {
                long left = patience - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("nothing was scheduled within " + PATIENCE);
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** How much work waits for its time. */
    synchronized int waiting() {
        return entries.size();
    }

    private synchronized Optional<Entry> takeDue(long until) {
        Entry first = entries.peek();
        if (first == null || first.dueNanos() > until) {
            return Optional.empty();
        }
        entries.remove(first);
        moveTo(first.dueNanos());
        return Optional.of(first);
    }

    private synchronized void moveTo(long then) {
        nanos = Math.max(nanos, then);
    }

    private synchronized void remove(Entry entry) {
        entries.remove(entry);
    }
}
