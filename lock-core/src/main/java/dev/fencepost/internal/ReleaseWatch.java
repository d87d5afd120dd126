package dev.fencepost.internal;

import dev.fencepost.spi.LockNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Watches a resource on all nodes, and says so when a quorum of them has released it for one token, or for attempts that came to nothing: before that, an attempt could not succeed. The monitor guards the fields below it; nobody is
 * told anything under it.
 */
final class ReleaseWatch {
    private final Quorum quorum;
    private final String resource;
    private final Runnable onRelease;
    private final Runnable onDiscard;

    private final List<LockNode.Watch> watches = new ArrayList<>();
    private boolean cancelled;
    private long token;
    private final boolean[] released;
    private int count;
    private boolean told;
    /** Where attempts came to nothing that others may have taken for held, since a quorum had granted. */
    private final boolean[] discarded;

    private final long[] discardedNanos;

    /**
     * Prepares to watch.
     *
     * @param onRelease what to do when a lease was released
     * @param onDiscard what to do when attempts came to nothing that a quorum may have granted
     */
    ReleaseWatch(Quorum quorum, String resource, Runnable onRelease, Runnable onDiscard) {
        this.quorum = quorum;
        this.resource = resource;
        this.onRelease = onRelease;
        this.onDiscard = onDiscard;
        this.released = new boolean[quorum.size()];
        this.discarded = new boolean[quorum.size()];
        this.discardedNanos = new long[quorum.size()];
    }

    void start() {
        for (int i = 0; i < quorum.size(); i++) {
            int node = i;
            LockNode.Watch watch = quorum.watch(node, resource, of -> onReleased(node, of));
            boolean late;
            synchronized (this) {
                late = cancelled;
                watches.add(watch);
            }
            if (late) {
                watch.cancel();
            }
        }
    }

    void cancel() {
        List<LockNode.Watch> ended;
        synchronized (this) {
            cancelled = true;
            ended = List.copyOf(watches);
        }
        ended.forEach(LockNode.Watch::cancel);
    }

    /** Says nothing of the release of this token, or of earlier ones: whoever has it hands over by itself. */
    synchronized void ignore(long own) {
        if (own >= token) {
            token = own;
            Arrays.fill(released, true);
        }
    }

    private void onReleased(int node, long of) {
        if (of == 0 && isDiscarded(node)) {
            onDiscard.run();
        } else if (of != 0 && isReleased(node, of)) {
            onRelease.run();
        }
    }

    private synchronized boolean isReleased(int node, long of) {
        if (of < token || (of == token && released[node])) {
            return false;
        }
        if (of > token) {
            token = of;
            count = 0;
            told = false;
            Arrays.fill(released, false);
        }
        released[node] = true;
        count++;
        boolean first = !told && count >= quorum.roster().quorum();
        told |= first;
        return first;
    }

    /** Attempts cannot be told apart here, and so those count that end at about the same time: that somebody is woken for nothing now and then is all that comes of it. */
    private synchronized boolean isDiscarded(int node) {
        long now = quorum.nanoTime();
        discarded[node] = true;
        discardedNanos[node] = now;
        int nodes = 0;
        for (int i = 0; i < discarded.length; i++) {
            discarded[i] &=
                    now - discardedNanos[i] <= quorum.settings().nodeTimeout().toNanos();
            nodes += discarded[i] ? 1 : 0;
        }
        boolean enough = nodes >= quorum.roster().quorum();
        if (enough) {
            Arrays.fill(discarded, false);
        }
        return enough;
    }
}
