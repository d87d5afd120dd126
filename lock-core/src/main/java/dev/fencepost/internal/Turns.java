package dev.fencepost.internal;

import java.time.Duration;

/**
 * How a line shares a resource with other clients: how often in a row it is handed over within the line, and which releases are left to others. Guarded by the room.
 *
 * <p>A line that has had its turn lets as many releases of others go by as there were others, but for one: then everybody has had a turn, and each release wakes one client and not all of them.
 */
final class Turns {
    /** How many times in a row at most. */
    static final int MOST = 8;

    /** For so long others may have to wait though everybody in the line has had a turn: to go from client to client takes longer than such turns. */
    private static final Duration SHORT = Duration.ofMillis(10);

    private int handOvers;
    /** When the first of those was asked for that were handed over. */
    private long sinceNanos;
    /** How many other clients were seen to watch when it was last released; the largest number that any node has told, once one has. */
    private long others;

    private boolean counted;
    /** Whether it lets others go first: from when it was released until it asks again. What nodes tell later is of no use for that. */
    private boolean lets;
    /** How many releases are still left to them. */
    private long left;

    /** How many may follow, the next one included. */
    int most() {
        return MOST - handOvers;
    }

    /**
     * Whether whoever has it now is the last, and others get a chance.
     *
     * @param leaseNanos when that lease was asked for
     * @param waiting how many stand in the line
     */
    boolean isLast(long leaseNanos, long nowNanos, int waiting) {
        long began = handOvers == 0 ? leaseNanos : sinceNanos;
        boolean isLong = nowNanos - began >= SHORT.toNanos();
        return handOvers + 1 >= (others > 0 && isLong ? Math.min(MOST, waiting) : MOST);
    }

    /** It is handed over within the line. */
    void handOver(long leaseNanos) {
        sinceNanos = handOvers == 0 ? leaseNanos : sinceNanos;
        handOvers++;
    }

    /** It was refused, and so whoever has it next in this line is the first. */
    void begin() {
        handOvers = 0;
    }

    /** Others have a chance now. */
    void end() {
        begin();
        counted = false;
        lets = true;
        left = 0;
    }

    /** So many others watched when it was released, as one node says. */
    void note(long watching) {
        long before = counted ? others : 0;
        others = counted ? Math.max(others, watching) : watching;
        counted = true;
        left += lets ? Math.max(0, others - 1) - Math.max(0, before - 1) : 0;
    }

    /** How many others are to have it first after a turn. */
    long others() {
        return others;
    }

    /** Whether a release of somebody else is left to others. */
    boolean letsGoBy() {
        boolean lets = left > 0;
        left -= lets ? 1 : 0;
        return lets;
    }

    /** It wants to have it again, whether or not the others have had it. */
    void wants() {
        lets = false;
        left = 0;
    }
}
