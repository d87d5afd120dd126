package dev.fencepost.internal;

import java.time.Duration;
import java.util.Arrays;

/**
 * Which nodes answer so much later than a quorum that attempts do without them, as long as they can: what is sent to such a node costs as much as what is sent to the others, and decides nothing. One attempt in
 * {@value #LOOK_ONE_IN} asks all nodes, and so finds out who is quick again.
 *
 * <p>A quorum of the nodes is never among them. Safe for use by many threads.
 */
final class Laggards {
    /** How many attempts there are to one that asks all nodes. */
    static final int LOOK_ONE_IN = 32;

    private static final int TIMES = 4;
    private static final long MARGIN_NANOS = Duration.ofMillis(5).toNanos();
    /** An answer counts for one part in so many of what is usual. */
    private static final int SMOOTHING = 8;

    /** In nanoseconds; 0 where nothing is known. */
    private final long[] usual;

    private final boolean[] lagging;
    private int laggards;
    private int attempts;

    Laggards(int nodes) {
        this.usual = new long[nodes];
        this.lagging = new boolean[nodes];
    }

    /** A node took so long to answer. */
    synchronized void note(int node, long nanos) {
        long before = usual[node];
        usual[node] = before == 0 ? nanos : before + (nanos - before) / SMOOTHING;
        if (!lagging[node] && usual[node] <= MARGIN_NANOS) {
            return;
        }
        long most = MARGIN_NANOS + TIMES * usualOfQuorum();
        if (lagging[node] && nanos <= most) {
            usual[node] = nanos;
        }
        boolean lags = usual[node] > most;
        if (lags != lagging[node]) {
            lagging[node] = lags;
            laggards += lags ? 1 : -1;
        }
    }

    /** Takes the nodes that the next attempt asks first. */
    synchronized boolean[] others() {
        boolean[] others = new boolean[lagging.length];
        boolean all = laggards == 0 || attempts++ % LOOK_ONE_IN == 0;
        for (int i = 0; i < others.length; i++) {
            others[i] = all || !lagging[i];
        }
        return others;
    }

    private long usualOfQuorum() {
        long[] sorted = usual.clone();
        Arrays.sort(sorted);
        return sorted[Ballot.quorum(sorted.length) - 1];
    }
}
