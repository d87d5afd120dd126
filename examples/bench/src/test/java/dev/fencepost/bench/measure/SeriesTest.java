package dev.fencepost.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {
    @Test
    void trialsTakeTurnsAndEachSecondRoundGoesBackwards() {
        List<String> order = new ArrayList<>();
        Series.interleaved(3, List.of(noting("a", order), noting("b", order), noting("c", order)));
        assertThat(String.join("", order)).isEqualTo("abccbaabc");
    }

    @Test
    void aRatioIsTakenWithinEachRoundBeforeTheMedianIs() {
        // Twice as much in every round, on a machine that is ten times as slow in one of them.
        Series series = Series.interleaved(3, List.of(values("a", 20, 2, 40), values("b", 10, 1, 20)));
        assertThat(series.ratio("a", "b")).isEqualTo(new Spread(2, 2, 2));
        assertThat(series.spread("a")).isEqualTo(new Spread(20, 2, 40));
    }

    @Test
    void whatWasNotMeasuredIsAskedForInVain() {
        Series series = Series.interleaved(1, List.of(values("a", 1)));
        assertThatThrownBy(() -> series.ratio("a", "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'b' was not measured");
    }

    @Test
    void twoTrialsOfOneNameAreRefused() {
        assertThatThrownBy(() -> Series.interleaved(1, List.of(values("a", 1), values("a", 2))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Trial noting(String name, List<String> order) {
        return new Trial(name, () -> {
            order.add(name);
            return 1;
        });
    }

    private static Trial values(String name, double... values) {
        int[] next = {0};
        return new Trial(name, () -> values[next[0]++]);
    }
}
