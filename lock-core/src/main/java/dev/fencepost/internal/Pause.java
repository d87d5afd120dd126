package dev.fencepost.internal;

import dev.fencepost.spi.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A pause, of which there is one at a time. Safe for use by many threads. */
final class Pause {
    private final Quorum quorum;
    private final Runnable goOn;
    private Scheduler.@Nullable Task task;
    private long endNanos;

    /**
     * Prepares pauses.
     *
     * @param goOn what is to be done when one is over
     */
    Pause(Quorum quorum, Runnable goOn) {
        this.quorum = quorum;
        this.goOn = goOn;
    }

    /** Begins one, in the place of the one that there may be. */
    synchronized void begin(Duration length) {
        cancel();
        endNanos = quorum.nanoTime() + length.toNanos();
        task = quorum.schedule(length, goOn);
    }

    /** Ends it without going on. */
    synchronized void cancel() {
        if (task != null) {
            task.cancel();
            task = null;
        }
    }

    /** How much is left of it; zero if there is none. */
    synchronized Duration left() {
        return Duration.ofNanos(task == null ? 0 : Math.max(0, endNanos - quorum.nanoTime()));
    }
}
