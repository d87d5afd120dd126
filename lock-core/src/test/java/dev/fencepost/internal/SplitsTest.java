package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How long those pause who may stand in each other's way. */
final class SplitsTest {
    /** Draws the least that a generator can draw, for which a short pause is 25 ms. */
    private static final RandomGenerator LEAST = () -> 0;

    private static final Duration USUAL = Duration.ofMillis(300);
    private static final Outcome SPLIT = new Outcome.Contended(5_000, true, 0);
    private static final Outcome HELD = new Outcome.Contended(5_000, false, 0);

    private final Splits splits = new Splits();

    /** Whoever is split all the time waits for a holder who does not have all nodes, and would else ask for as long as that one holds. */
    @Test
    void shortPausesGrowAgainWhenTheyHaveBeenOfNoUseForLong() {
        splits.begin();

        assertThat(pausesAfter(SPLIT, 12))
                .containsExactly(25L, 25L, 25L, 25L, 25L, 25L, 25L, 50L, 100L, 200L, 300L, 300L);
    }

    @Test
    void pausesAreShortAgainOnceAReleaseIsHeardOf() {
        splits.begin();
        pausesAfter(SPLIT, 12);
        splits.hear();

        assertThat(pausesAfter(SPLIT, 2)).containsExactly(25L, 25L);
    }

    /** The first time it may be one who has just released, and was not heard. */
    @Test
    void whoIsRefusedByAllHurriesOnceInATurn() {
        splits.begin();
        assertThat(pausesAfter(HELD, 3)).containsExactly(25L, 300L, 300L);
        splits.begin();
        assertThat(pausesAfter(HELD, 2)).containsExactly(25L, 300L);
    }

    @Test
    void whatIsLeftOfAPauseIsNeverMadeLonger() {
        splits.note(SPLIT);

        assertThat(splits.shortened(Duration.ofMillis(24), LEAST)).isEqualTo(Duration.ofMillis(24));
    }

    private List<Long> pausesAfter(Outcome outcome, int times) {
        return Stream.generate(() -> {
                    splits.note(outcome);
                    return splits.pause(USUAL, LEAST).toMillis();
                })
                .limit(times)
                .toList();
    }
}
