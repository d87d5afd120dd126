package dev.fencepost.internal;

import dev.fencepost.spi.HeldLock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/**
 * Releases of leases that somebody else of the same client takes over at once. The attempt that follows takes each along to the node that it asks, so that the node does both in one step. What is not taken along goes out by
 * itself before the call ends that began it, so that no release waits for anything. Safe for use by many threads.
 */
final class HandOvers {
    private final Quorum quorum;
    private final Map<String, Leaving> leaving = new ConcurrentHashMap<>();

    HandOvers(Quorum quorum) {
        this.quorum = quorum;
    }

    /** A release that has not gone out to all nodes. Told apart by identity. */
    private static final class Leaving {
        private final HeldLock lock;
        private final boolean[] left;

        private Leaving(HeldLock lock, boolean[] left) {
            this.lock = lock;
            this.left = left;
        }

        private synchronized boolean take(int node) {
            boolean taken = left[node];
            left[node] = false;
            return taken;
        }
    }

    /**
     * Releases a lock, together with the attempt that follows if there is one.
     *
     * @param mayHold on which nodes
     * @param follow lets the next one begin
     */
    void release(HeldLock lock, IntPredicate mayHold, Runnable follow) {
        boolean[] left = new boolean[quorum.size()];
        for (int i = 0; i < left.length; i++) {
            left[i] = mayHold.test(i);
        }
        Leaving opened = new Leaving(lock, left);
        leaving.put(lock.resource(), opened);
        try {
            follow.run();
        } finally {
            leaving.remove(lock.resource(), opened);
            quorum.release(lock, false, opened::take, watchers -> {});
        }
    }

    /** Whether nothing is on its way, as between calls. */
    boolean isEmpty() {
        return leaving.isEmpty();
    }

    /** Takes the release that is to go out to a node ahead of a grant, if there is one; whoever does has to send it. */
    Optional<HeldLock> take(int node, String resource) {
        Leaving found = leaving.get(resource);
        return found != null && found.take(node) ? Optional.of(found.lock) : Optional.empty();
    }
}
