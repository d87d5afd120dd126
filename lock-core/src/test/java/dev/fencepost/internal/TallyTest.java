package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a quorum still holds a lock. */
final class TallyTest {
    @ParameterizedTest(name = "of {0} nodes {1} did it, {2} do not hold it, {3} are silent: {4}")
    @CsvSource({
        "1, 0, 0, 0, OPEN",
        "1, 1, 0, 0, HELD",
        "1, 0, 1, 0, LOST",
        "1, 0, 0, 1, UNAVAILABLE",
        "2, 1, 0, 0, OPEN",
        "2, 2, 0, 0, HELD",
        "2, 1, 1, 0, LOST",
        "2, 1, 0, 1, UNAVAILABLE",
        "2, 0, 1, 1, LOST",
        "3, 1, 1, 0, OPEN",
        "3, 1, 0, 1, OPEN",
        "3, 2, 0, 0, HELD",
        "3, 2, 1, 0, HELD",
        "3, 0, 2, 0, LOST",
        "3, 1, 1, 1, UNAVAILABLE",
        "3, 0, 1, 1, UNAVAILABLE",
        "3, 0, 0, 2, UNAVAILABLE",
        "3, 0, 2, 1, LOST",
        "5, 2, 2, 0, OPEN",
        "5, 3, 2, 0, HELD",
        "5, 2, 3, 0, LOST",
        "5, 2, 1, 2, UNAVAILABLE",
        "5, 0, 3, 2, LOST"
    })
    void answersComeToTheirVerdict(int nodes, int done, int notHeld, int silent, Tally.Verdict verdict) {
        Tally tally = Tally.of(nodes);
        for (int i = 0; i < done; i++) {
            tally = tally.plusDone();
        }
        for (int i = 0; i < notHeld; i++) {
            tally = tally.plusNotHeld();
        }
        for (int i = 0; i < silent; i++) {
            tally = tally.plusSilent();
        }

        assertThat(tally.verdict()).isEqualTo(verdict);
    }
}
