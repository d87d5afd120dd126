package dev.fencepost.chaos.check;

import static dev.fencepost.chaos.check.Made.gauged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.chaos.history.Observation;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeakChecksTest {
    private static final int LONG = 60;

    @Test
    void growthThatStopsBeforeTheSecondQuarterIsWarmingUp() {
        Made made = gauged(LONG, minute -> Math.min(minute, 14));

        assertThat(check(made).violations()).isZero();
    }

    @Test
    void heightsThatPassAreNoGrowth() {
        Made made = gauged(LONG, minute -> minute % 5 == 4 ? 1_000 : 3);

        assertThat(check(made).violations()).isZero();
    }

    @Test
    void growthBeyondTheAllowanceIsTold() {
        assertThat(check(gauged(LONG, minute -> minute < 30 ? 0 : 5)).violations())
                .isZero();
        assertThat(check(gauged(LONG, minute -> minute < 30 ? 0 : 6)).told())
                .containsExactly("threads grew from 0 to 6; allowed are 5 more");
    }

    @Test
    void shortTrialIsNotJudgedAndThatIsTold() {
        Findings findings = check(gauged(3, minute -> 100L * minute));

        assertThat(findings.checked()).isZero();
        assertThat(findings.open()).isEqualTo(1);
        assertThat(findings.whyOpen()).singleElement().asString().contains("120 s", "180 s");
    }

    @Test
    void gaugeThatWasNotReadInALongTrialIsWrong() {
        Made made = gauged(LONG, minute -> 3).noticed(new Observation.Gauged("keys", 5, List.of()));

        assertThat(check(made).told()).singleElement().asString().contains("keys was read 0 times");
    }

    private static Findings check(Made made) {
        return Invariant.NOTHING_LEAKS.check(made.done());
    }
}
