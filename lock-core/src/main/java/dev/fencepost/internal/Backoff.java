package dev.fencepost.internal;

import dev.fencepost.spi.LockSettings;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to pause between attempts: doubling from a first delay to a largest one, each spread by a part of itself in either direction, so that losers of one
 * round do not meet again in the next. Where the holder's lease is known to end sooner, the pause ends soon after that.
 */
record Backoff(LockSettings.Retry retry) {
    /** About as long as whoever is woken needs to get in. */
    static final Duration SOON = Duration.ofMillis(50);

    private static final int MOST_DOUBLINGS = 20;

    /** Half to one and a half of {@link #SOON}: for those who may wait for each other while nobody holds anything, so that no release would end a longer pause. */
    static Duration soon(RandomGenerator random) {
        return SOON.dividedBy(2).plusNanos(random.nextLong(SOON.toNanos()));
    }

    /** For how long so many others who were woken are let go first. They do not need long, however long the pauses between attempts are. */
    Duration courtesy(long others, RandomGenerator random) {
        Duration most = SOON.dividedBy(2);
        Duration all = pause(1, Long.MAX_VALUE, random).multipliedBy(Math.min(others, MOST_DOUBLINGS));
        return all.compareTo(most) < 0 ? all : most;
    }

    /**
     * The pause before the next attempt.
     *
     * @param failures how many attempts have failed so far, 1 at least
     * @param heldMillis how long the lock that is in the way lives unless it is extended; {@link Long#MAX_VALUE} if not known
     * @param random spreads the pause
     * @return more than zero
     */
    Duration pause(int failures, long heldMillis, RandomGenerator random) {
        long middle =
                Math.min(retry.largest().toNanos(), retry.first().toNanos() << Math.min(failures - 1, MOST_DOUBLINGS));
        long spread = (long) (middle * retry.jitter());
        long pause = middle - spread + random.nextLong(2 * spread + 1);
        long untilFree = heldMillis > retry.largest().toMillis()
                ? Long.MAX_VALUE
                : heldMillis * 1_000_000
                        + random.nextLong(Math.min(retry.first().toNanos(), SOON.toNanos()));
        return Duration.ofNanos(Math.max(1, Math.min(pause, untilFree)));
    }
}
