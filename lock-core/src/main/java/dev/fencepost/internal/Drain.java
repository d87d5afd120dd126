package dev.fencepost.internal;

import java.util.concurrent.CompletableFuture;

/** Counts work that nobody waits for, so that closing can wait for it after all. Safe for use by many threads. */
final class Drain {
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private int underWay;
    private boolean closing;

    synchronized void begin() {
        underWay++;
    }

    void end() {
        boolean last;
        synchronized (this) {
            underWay--;
            last = closing && underWay == 0;
        }
        if (last) {
            empty.complete(null);
        }
    }

    /** Completes when nothing is under way; called when nothing more begins. */
    CompletableFuture<Void> whenEmpty() {
        boolean already;
        synchronized (this) {
            closing = true;
            already = underWay == 0;
        }
        if (already) {
            empty.complete(null);
        }
        return empty;
    }
}
