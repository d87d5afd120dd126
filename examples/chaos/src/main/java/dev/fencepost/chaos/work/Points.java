package dev.fencepost.chaos.work;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Holds the next thread that comes by an armed point, until the controller, which has stopped and woken the whole process meanwhile, lets it go. */
final class Points {
    /** What the controller is told, before the name of the point. */
    static final String AT = "at ";

    private static final long PATIENCE_SECONDS = 30;

    private final AtomicReference<@Nullable Point> armed = new AtomicReference<>();
    private final Semaphore go = new Semaphore(0);

    /** The next thread that comes by is held. */
    void arm(Point point) {
        armed.set(point);
    }

    /** Nobody is held any more. */
    void disarm() {
        armed.set(null);
    }

    /** Lets the thread go that is held, also one that is only about to wait. */
    void go() {
        go.release();
    }

    /** Passes a point. */
    void reach(Point point) {
        if (armed.get() == point && armed.compareAndSet(point, null)) {
            go.drainPermits();
            System.out.println(AT + point);
            try {
                if (!go.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nobody let the thread go that was stopped at " + point);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
