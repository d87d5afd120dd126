package dev.fencepost.internal;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to pause between attempts: doubling from a first delay to a largest one, each spread by half in either direction, so that losers of one
 * round do not meet again in the next. Where the holder's lease is known to end sooner, the pause ends soon after that.
 *
 * @param first the middle of the first pause
 * @param largest what the middle of a pause grows to
 */
public record Backoff(Duration first, Duration largest) {
    /**
     * The pause before the next attempt.
     *
     * @param failures how many attempts have failed so far, 1 at least
     * @param heldMillis how long the lock that is in the way lives at most unless it is extended
     * @param random spreads the pause
     * @return more than zero
     */
    public Duration pause(int failures, long heldMillis, RandomGenerator random) {
        long middle = Math.min(largest.toNanos(), first.toNanos() << Math.min(failures - 1, 20));
        long pause = middle / 2 + random.nextLong(middle + 1);
        long untilFree = heldMillis > largest.toMillis()
                ? Long.MAX_VALUE
                : heldMillis * 1_000_000 + random.nextLong(first.toNanos());
        return Duration.ofNanos(Math.max(1, Math.min(pause, untilFree)));
    }
}
