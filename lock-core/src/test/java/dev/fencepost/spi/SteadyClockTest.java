package dev.fencepost.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A clock of leases, on clocks that the test moves. */
final class SteadyClockTest {
    private static final Duration BRIEF = Duration.ofMillis(10);

    private long monotonic = 7_000;
    private long wall = 1_700_000_000_000_000_000L;
    private final SteadyClock clock = new SteadyClock(() -> monotonic, () -> wall);
    private final long start = clock.getAsLong();

    private void pass(Duration time) {
        monotonic += time.toNanos();
        wall += time.toNanos();
    }

    /** On Linux, the monotonic clock stands still meanwhile. */
    private void suspend(Duration time) {
        wall += time.toNanos();
    }

    private Duration shown() {
        return Duration.ofNanos(clock.getAsLong() - start);
    }

    @Test
    void itFollowsTheMonotonicClock() {
        pass(Duration.ofHours(3));

        assertThat(shown()).isEqualTo(Duration.ofHours(3));
    }

    @Test
    void theTimeForWhichTheMachineSleptHasPassed() {
        pass(BRIEF);
        suspend(Duration.ofMinutes(5));
        pass(BRIEF);
        assertThat(shown()).isEqualTo(Duration.ofMinutes(5).plus(BRIEF).plus(BRIEF));

        pass(BRIEF);
        suspend(Duration.ofMinutes(2));
        assertThat(shown())
                .isEqualTo(Duration.ofMinutes(7).plus(BRIEF).plus(BRIEF).plus(BRIEF));
    }

    @Test
    void aWallClockThatIsSetBackChangesNothing() {
        wall -= Duration.ofHours(1).toNanos();
        pass(BRIEF);
        assertThat(shown()).isEqualTo(BRIEF);

        suspend(Duration.ofMinutes(5));
        assertThat(shown()).isEqualTo(Duration.ofMinutes(5).plus(BRIEF));
    }

    @Test
    void aWallClockThatIsSetForwardMakesLeasesEndEarlyAndNeverLate() {
        wall += Duration.ofHours(1).toNanos();
        pass(BRIEF);

        assertThat(shown()).isEqualTo(Duration.ofHours(1).plus(BRIEF));
    }

    @Test
    void aWallClockThatIsCorrectedSlowlyChangesNothing() {
        for (int i = 0; i < 10_000; i++) {
            pass(BRIEF);
            wall += 5_000;
            clock.getAsLong();
        }

        assertThat(shown()).isEqualTo(BRIEF.multipliedBy(10_000));
    }

    @Test
    void aThreadThatIsHeldUpBetweenTheTwoReadingsTakesItForNoSleep() {
        long[] reads = new long[1];
        SteadyClock held = new SteadyClock(() -> monotonic, () -> {
            if (reads[0]++ > 0) {
                // Before the wall clock is read: what it shows then belongs to a later moment.
                pass(Duration.ofSeconds(1));
            }
            return wall;
        });
        long before = held.getAsLong();
        long after = held.getAsLong();

        assertThat(Duration.ofNanos(after - before)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void itNeverGoesBack() {
        long last = clock.getAsLong();
        for (int i = 0; i < 1_000; i++) {
            monotonic += i % 3;
            wall += (i % 7 - 3) * 100_000_000L;
            long now = clock.getAsLong();
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
    }
}
