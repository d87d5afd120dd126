package dev.fencepost.internal;

import java.time.Duration;
import java.util.Arrays;

/**
 * Which nodes answer so much later than a quorum that attempts do without them, as long as they can: what is sent to such a node costs as much as what is sent to the others, and decides nothing. One attempt in
 * {@value #LOOK_ONE_IN}, and one a second, asks all nodes, and so finds out who is quick again.
 *
 * <p>A quorum of the nodes is always asked. Safe for use by many threads.
 */
final class Laggards {
    /** How many attempts there are to one that asks all nodes. */
    static final int LOOK_ONE_IN = 32;

    /** How long there may be none. */
    private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private static final long UNKNOWN = Long.MAX_VALUE;
    private static final int TIMES = 4;
    private static final long MARGIN_NANOS = Duration.ofMillis(5).toNanos();
    /** An answer counts for one part in so many of what is usual. */
    private static final int SMOOTHING = 8;

    /** In nanoseconds. */
    private final long[] usual;

    private final boolean[] lagging;
    private int laggards;
    private int attempts;
    private long lookedNanos;

    Laggards(int nodes) {
        this.usual = new long[nodes];
        Arrays.fill(usual, UNKNOWN);
        this.lagging = new boolean[nodes];
    }

    /** A node took so long to answer. One answer that is very late says no more than one that is late. */
    synchronized void note(int node, long nanos) {
        if (!lagging[node] && nanos <= MARGIN_NANOS && usual[node] <= MARGIN_NANOS) {
            smooth(node, nanos);
            return;
        }
        long ofQuorum = usualOfQuorum();
        if (ofQuorum == UNKNOWN) {
            smooth(node, nanos);
            return;
        }
        long most = MARGIN_NANOS + TIMES * ofQuorum;
        if (lagging[node] && nanos <= most) {
            usual[node] = nanos;
        } else {
            smooth(node, Math.min(nanos, 2 * most));
        }
        boolean lags = usual[node] > most;
        if (lags != lagging[node]) {
            lagging[node] = lags;
            laggards += lags ? 1 : -1;
        }
    }

    private void smooth(int node, long nanos) {
        long before = usual[node];
        usual[node] = before == UNKNOWN ? nanos : before + (nanos - before) / SMOOTHING;
    }

    /** Takes the nodes that the next attempt asks first. */
    synchronized boolean[] others(long nowNanos) {
        boolean[] others = new boolean[lagging.length];
        boolean all = laggards == 0 || laggards > others.length - Ballot.quorum(others.length) || looks(nowNanos);
        for (int i = 0; i < others.length; i++) {
            others[i] = all || !lagging[i];
        }
        return others;
    }

    private boolean looks(long nowNanos) {
        boolean looks = attempts >= LOOK_ONE_IN - 1 || nowNanos - lookedNanos >= LOOK_EVERY_NANOS;
        attempts = looks ? 0 : attempts + 1;
        lookedNanos = looks ? nowNanos : lookedNanos;
        return looks;
    }

    private long usualOfQuorum() {
        long[] sorted = usual.clone();
        Arrays.sort(sorted);
        return sorted[Ballot.quorum(sorted.length) - 1];
    }
}
