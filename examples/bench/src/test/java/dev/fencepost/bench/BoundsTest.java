package dev.fencepost.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.report.Part;
import dev.fencepost.bench.report.Row;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class BoundsTest {
    private final Properties bounds = new Properties();

    @Test
    void aTargetThatIsMissedWithinItsBoundIsNoFailure() {
        bounds.setProperty("throughput", "4");
        assertThat(exceeded(Part.atLeast("throughput", "times the other", Spread.of(7), 8)))
                .isEmpty();
    }

    @Test
    void aLargeFigureMustNotFallBelowItsBound() {
        bounds.setProperty("throughput", "4");
        assertThat(exceeded(Part.atLeast("throughput", "times the other", Spread.of(3.9), 8)))
                .containsExactly("throughput (times the other) is 3.90, and its bound is 4");
    }

    @Test
    void aSmallFigureMustNotRiseAboveItsBound() {
        bounds.setProperty("latency", "3");
        assertThat(exceeded(Part.atMost("latency", "times as long", Spread.of(2.9), 1.5)))
                .isEmpty();
        assertThat(exceeded(Part.atMost("latency", "times as long", Spread.of(3.1), 1.5)))
                .hasSize(1);
    }

    @Test
    void aFigureWithoutABoundIsAFailure() {
        assertThat(exceeded(Part.atMost("new", "times as long", Spread.of(1), 1.5)))
                .singleElement()
                .asString()
                .contains("new has no bound");
    }

    private List<String> exceeded(Part part) {
        return Bounds.of(bounds).exceededBy(List.of(Row.of("row", part)));
    }
}
