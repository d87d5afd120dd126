package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.spi.LockSettings;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long to pause. */
final class BackoffTest {
    private static final long UNKNOWN = Long.MAX_VALUE;

    /** Draws the least and the most that a generator can draw. */
    private static final RandomGenerator LEAST = () -> 0;

    private final Backoff backoff =
            new Backoff(new LockSettings.Retry(Duration.ofMillis(10), Duration.ofMillis(200), 0.5));

    @ParameterizedTest
    @CsvSource({"1, 10", "2, 20", "3, 40", "4, 80", "5, 160", "6, 200", "7, 200", "64, 200", "2147483647, 200"})
    void pausesDoubleUpToTheLargestAndAreSpreadByHalf(int failures, long middleMillis) {
        Duration middle = Duration.ofMillis(middleMillis);
        Random random = new Random(failures);

        assertThat(Stream.generate(() -> backoff.pause(failures, UNKNOWN, random))
                        .limit(2_000))
                .allSatisfy(pause -> assertThat(pause).isBetween(middle.dividedBy(2), middle.plus(middle.dividedBy(2))))
                .anySatisfy(pause ->
                        assertThat(pause).isLessThan(middle.multipliedBy(6).dividedBy(10)))
                .anySatisfy(pause ->
                        assertThat(pause).isGreaterThan(middle.multipliedBy(14).dividedBy(10)));
    }

    @Test
    void thePauseEndsSoonAfterTheHoldersLease() {
        Random random = new Random(1);

        assertThat(Stream.generate(() -> backoff.pause(9, 30, random)).limit(1_000))
                .allSatisfy(pause -> assertThat(pause).isBetween(Duration.ofMillis(30), Duration.ofMillis(40)));
    }

    @Test
    void aLeaseThatEndsAfterTheLargestPauseIsNoReasonToWaitForIt() {
        assertThat(backoff.pause(9, 30_000, LEAST)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void aPauseIsNeverZeroEvenIfTheHolderIsAboutToEnd() {
        assertThat(backoff.pause(1, 0, LEAST)).isPositive();
    }

    @Test
    void theLargestSettingsDoNotOverflow() {
        Backoff slowest = new Backoff(new LockSettings.Retry(Duration.ofMinutes(1), Duration.ofMinutes(10), 0.5));

        assertThat(slowest.pause(Integer.MAX_VALUE, UNKNOWN, LEAST)).isEqualTo(Duration.ofMinutes(5));
    }
}
