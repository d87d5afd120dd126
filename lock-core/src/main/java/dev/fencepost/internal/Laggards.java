package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes an attempt asks first. All of them, but for those that answer so much later than a quorum that attempts do without them, as long as they can: what is sent to such a node costs as much as what is sent to the others, and
 * decides nothing. One attempt in {@value #LOOK_ONE_IN}, and one a second, asks all nodes, and so finds out who is quick again.
 *
 * <p>A thrifty client asks no more than a quorum of the others. It begins to count at a node that depends on the resource alone: so clients that want the same resource meet at the same nodes, and the counters there stay level; and of many resources each
 * node has its share. It passes over nodes that were silent when last asked, too. Its first attempt and one in {@value #LOOK_ONE_IN} ask all nodes, and one a second while it passes over any.
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
    /** Nodes that have not answered since they were last asked, or could not be asked. */
    private final boolean[] silent;

    private final boolean thrifty;
    /** Who made the cluster at the last attempt; null before the first. */
    private @Nullable Roster roster;

    private int attempts;
    private long lookedNanos;

    Laggards(int nodes, boolean thrifty) {
        this.usual = new long[nodes];
        Arrays.fill(usual, UNKNOWN);
        this.lagging = new boolean[nodes];
        this.silent = new boolean[nodes];
        this.thrifty = thrifty;
        // With nothing known of the others, no node of a quorum could be told to be slow.
        this.attempts = thrifty ? LOOK_ONE_IN - 1 : 0;
    }

    /** A node took so long to give this answer to a grant. */
    synchronized void note(int node, long nanos, NodeReply reply) {
        if (isGone(node)) {
            return;
        }
        if (reply instanceof NodeReply.Granted || reply instanceof NodeReply.Held) {
            silent[node] = false;
            noteTime(node, nanos);
        } else if (reply instanceof NodeReply.Unavailable || reply instanceof NodeReply.Forgotten) {
            silent[node] = true;
        }
    }

    /** A node has not answered for so long. */
    synchronized void noteSilence(int node, long nanos) {
        if (isGone(node)) {
            return;
        }
        silent[node] = true;
        noteTime(node, nanos);
    }

    /** One answer that is very late says no more than one that is late. */
    private void noteTime(int node, long nanos) {
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

    /**
     * Takes the nodes that the next attempt asks first.
     *
     * @param resource what it is for
     * @param now who makes the cluster for it; nobody else is asked
     */
    synchronized boolean[] first(String resource, Roster now, long nowNanos) {
        goBy(now);
        int members = now.members().size();
        int quorum = now.quorum();
        boolean picks = thrifty || laggards > 0;
        boolean all = !picks || laggards > members - quorum || looks(nowNanos);
        boolean[] first = new boolean[lagging.length];
        int wanted = all ? members : thrifty ? quorum : members - laggards;
        int from = Math.floorMod(resource.hashCode(), members);
        for (int i = 0; i < members && wanted > 0; i++) {
            int node = now.seat((from + i) % members);
            first[node] = all || !isPassedOver(node);
            wanted -= first[node] ? 1 : 0;
        }
        for (int i = 0; i < members && wanted > 0; i++) {
            first[now.seat(i)] = true;
        }
        return first;
    }

    /** Whether it is no member any more, and will never be asked again. */
    private boolean isGone(int node) {
        Roster now = roster;
        return now != null && !now.isMember(node);
    }

    /** What is known of other nodes is of no use. */
    private void goBy(Roster now) {
        Roster before = roster;
        roster = now;
        if (before != null && !before.members().equals(now.members())) {
            Arrays.fill(usual, UNKNOWN);
            Arrays.fill(lagging, false);
            Arrays.fill(silent, false);
            laggards = 0;
        }
    }

    private boolean isPassedOver(int node) {
        return lagging[node] || (thrifty && silent[node]);
    }

    private boolean looks(long nowNanos) {
        boolean misses = false;
        for (int i = 0; i < lagging.length; i++) {
            misses |= isPassedOver(i);
        }
        boolean looks = attempts >= LOOK_ONE_IN - 1 || (misses && nowNanos - lookedNanos >= LOOK_EVERY_NANOS);
        attempts = looks ? 0 : attempts + 1;
        lookedNanos = looks ? nowNanos : lookedNanos;
        return looks;
    }

    private long usualOfQuorum() {
        long[] sorted = usual.clone();
        Arrays.sort(sorted);
        Roster now = roster;
        return sorted[(now == null ? Ballot.quorum(sorted.length) : now.quorum()) - 1];
    }
}
