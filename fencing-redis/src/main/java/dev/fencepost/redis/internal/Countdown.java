package dev.fencepost.redis.internal;

import java.util.concurrent.atomic.AtomicInteger;

/** Runs something when enough steps were taken. */
final class Countdown {
    private final int needed;
    private final Runnable whenOver;
    private final AtomicInteger steps = new AtomicInteger();

    Countdown(int needed, Runnable whenOver) {
        this.needed = needed;
        this.whenOver = whenOver;
    }

    void step() {
        if (steps.incrementAndGet() == needed) {
            whenOver.run();
        }
    }
}
