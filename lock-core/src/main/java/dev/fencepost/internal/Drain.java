package dev.fencepost.internal;

import java.util.concurrent.CompletableFuture;

/** Counts work that nobody waits for, so that closing can wait for it after all. Safe for use by many threads. */
final class Drain {
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private int underWay;
    private boolean refusing;
    private boolean closing;

    /** Something begins that the end of something else demands, and that is allowed at any time. */
    synchronized void begin() {
        underWay++;
    }

    /** Begins something, unless nothing new may begin any more. */
    synchronized boolean tryBegin() {
        if (refusing) {
            return false;
        }
        underWay++;
        return true;
    }

    /** From here on nothing new may begin, only what the end of something else demands. */
    synchronized void refuse() {
        refusing = true;
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

    /** Completes when nothing is under way; called when nothing more begins by itself. */
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
