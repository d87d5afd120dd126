package dev.fencepost.spi;

import java.time.Duration;

/**
 * Runs something later. The algorithm gives it short, non-blocking work only. Safe for use by many threads.
 */
@FunctionalInterface
public interface Scheduler {
    /**
     * Runs the work once after the delay, on a thread of the scheduler's.
     *
     * @param delay how long to wait; zero or less means at once
     * @param work what to run; it does not throw
     * @return takes the work back if it has not begun
     */
    Task schedule(Duration delay, Runnable work);

    /** Work that was scheduled. */
    @FunctionalInterface
    interface Task {
        /** Takes the work back if it has not begun; otherwise does nothing. */
        void cancel();
    }
}
