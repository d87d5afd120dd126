package dev.fencepost.chaos;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets time go by, in which others work. */
final class Rest {
    private Rest() {}

    static void of(Duration length) {
        long until = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
