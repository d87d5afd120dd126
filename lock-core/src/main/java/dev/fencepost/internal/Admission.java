package dev.fencepost.internal;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many attempts of a client are under way at once. The others wait in the order in which they came: thousands at the same moment would be more than the nodes answer in
 * time, and what is not answered in time is tried again, on top of the rest.
 *
 * <p>The monitor guards the fields below it, and nobody is let in under it. Safe for use by many threads.
 */
final class Admission {
    /** Enough to keep the nodes busy, and few enough to be answered long before the node timeout. */
    static final int MOST = 256;

    private final Queue<Candidate> waiting = new ArrayDeque<>();
    private int free = MOST;
    private boolean lettingIn;

    /** Who wants to make an attempt. */
    @FunctionalInterface
    interface Candidate {
        /**
         * Called once, when there is room.
         *
         * @return whether the room was taken, to be given back by {@link Admission#leave}
         */
        boolean admitted();
    }

    /**
     * Lets a candidate in, at once if there is room, or when somebody has left.
     *
     * @return whether it was at once
     */
    boolean enter(Candidate candidate) {
        synchronized (this) {
            if (free == 0 || !waiting.isEmpty()) {
                waiting.add(candidate);
                return false;
            }
            free--;
        }
        if (!candidate.admitted()) {
            leave();
        }
        return true;
    }

    /** Makes room. Whoever waits is let in by the caller, one after the other and not in each other's calls, however quickly they leave again. */
    void leave() {
        synchronized (this) {
            free++;
            if (lettingIn) {
                return;
            }
            lettingIn = true;
        }
        Candidate next = next();
        while (next != null) {
            boolean taken = next.admitted();
            next = taken ? next() : instead();
        }
    }

    private synchronized @Nullable Candidate next() {
        Candidate next = free > 0 ? waiting.poll() : null;
        if (next == null) {
            lettingIn = false;
        } else {
            free--;
        }
        return next;
    }

    private synchronized @Nullable Candidate instead() {
        free++;
        return next();
    }
}
