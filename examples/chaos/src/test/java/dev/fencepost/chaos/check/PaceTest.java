package dev.fencepost.chaos.check;

import static dev.fencepost.chaos.check.Made.history;
import static dev.fencepost.chaos.check.Made.millis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.chaos.check.Pace.Measure;
import dev.fencepost.chaos.history.Handicap;
import dev.fencepost.chaos.history.Observation;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final int TURN = 4_000;

    @Test
    void whatIsComparedIsTheMedianOfWhatRoundsSay() {
        Pace pace = pace(Measure.HALF, 3, 2, 6, 4);

        assertThat(pace.handicap()).isEqualTo(Handicap.ONE_DOWN);
        assertThat(pace.multiples()).containsExactly(2.0, 4.0, 6.0);
        assertThat(pace.median()).isEqualTo(4);
        assertThat(pace.isWithin()).isTrue();
    }

    @Test
    void fewerLocksAreAsBadAsSlowOnes() {
        Pace pace = pace(Measure.THROUGHPUT, 1, 2);

        assertThat(pace.median()).isEqualTo(2);
    }

    @Test
    void whatWasMeasuredForLongIsHeldAgainstTheTargetOfTheBenchmarks() {
        int[] twice = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2};

        assertThat(pace(Measure.HALF, 3, 2).isWithin()).isTrue();
        assertThat(pace(Measure.HALF, 10, twice).isWithin()).isFalse();
    }

    @Test
    void boundThatIsNearIsExceededBeyondDoubtOrNotAtAll() {
        Pace pace = pace(Measure.HALF, 10, 1, 2, 1, 2, 1, 2, 1, 2, 2, 2);

        assertThat(pace.median()).isEqualTo(2);
        assertThat(pace.judged()).isEqualTo(1);
        assertThat(pace.isWithin()).isTrue();
    }

    @Test
    void turnInWhichNobodyHadALockIsBeyondEveryBound() {
        Made made = history()
                .noticed(new Observation.Turn(0, Handicap.NONE, millis(0, 1_000)))
                .noticed(new Observation.Turn(0, Handicap.ONE_DOWN, millis(1_001, 2_000)));
        for (long token = 1; token <= 5; token++) {
            made.lease(token, 10 * token, 10 * token + 1, 10 * token + 1);
        }

        assertThat(Invariant.ONE_BAD_NODE_COSTS_LITTLE.check(made.done()).violations())
                .isEqualTo(3);
    }

    /** Rounds of two turns, in which locks take a tenth of a second each, and so many times that with one node down. */
    private static Pace pace(Measure measure, int rounds, int... times) {
        Made made = history();
        long now = 0;
        for (int round = 0; round < Math.min(rounds, times.length); round++) {
            now = turn(made, round, Handicap.NONE, now, 100);
            now = turn(made, round, Handicap.ONE_DOWN, now, 100L * times[round]);
        }
        return Pace.of(made.done()).stream()
                .filter(pace -> pace.measure() == measure)
                .findFirst()
                .orElseThrow();
    }

    private static long turn(Made made, int round, Handicap handicap, long begin, long each) {
        made.noticed(new Observation.Turn(round, handicap, millis(begin, begin + TURN)));
        for (long at = begin; at + each <= begin + TURN; at += each) {
            made.lease(at, at, at + each, at + each);
        }
        return begin + TURN + 1;
    }
}
