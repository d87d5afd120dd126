package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arithmetic of a lease, at hand-set times. */
final class LeaseTimeTest {
    /** {@link System#nanoTime()} may be anywhere, and may overflow within a lease. */
    private static final long LAST_MILLISECOND = Long.MAX_VALUE - 1_000_000;

    @ParameterizedTest
    @CsvSource({"10, 2_100_000", "1000, 12_000_000", "30000, 302_000_000", "86400000, 864_002_000_000"})
    void driftIsOnePercentAndTwoMilliseconds(long ttlMillis, String nanos) {
        assertThat(LeaseTime.driftNanos(ttlMillis, 0.01)).isEqualTo(Long.parseLong(nanos.replace("_", "")));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -5, 1_000_000_000, LAST_MILLISECOND, Long.MIN_VALUE})
    void theDeadlineIsTheLeaseLessDriftAfterTheFirstSend(long sent) {
        long deadline = LeaseTime.deadline(sent, 1_000, 0.01);

        assertThat(deadline - sent).isEqualTo(988_000_000);
        assertThat(LeaseTime.remainingNanos(sent, deadline)).isEqualTo(988_000_000);
        assertThat(LeaseTime.remainingNanos(sent + 987_999_999, deadline)).isEqualTo(1);
        assertThat(LeaseTime.remainingNanos(sent + 988_000_000, deadline)).isZero();
        assertThat(LeaseTime.remainingNanos(sent + 5_000_000_000L, deadline)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, LAST_MILLISECOND, Long.MIN_VALUE})
    void theLaterDeadlineWinsAlsoWhereTheClockOverflows(long deadline) {
        long later = deadline + 2_000_000;

        assertThat(LeaseTime.later(deadline, later)).isEqualTo(later);
        assertThat(LeaseTime.later(later, deadline)).isEqualTo(later);
        assertThat(LeaseTime.later(later, later)).isEqualTo(later);
    }

    @Test
    void theShortestLeaseLeavesSomethingToUse() {
        assertThat(LeaseTime.remainingNanos(0, LeaseTime.deadline(0, 10, 0.01))).isEqualTo(7_900_000);
    }
}
