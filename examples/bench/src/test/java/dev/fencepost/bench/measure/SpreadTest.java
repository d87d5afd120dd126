package dev.fencepost.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void theMedianIsTheMiddleOneAndNotTheMean() {
        assertThat(Spread.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 9));
    }

    @Test
    void ofAnEvenNumberTheMedianIsBetweenTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 100.0))).isEqualTo(new Spread(3, 1, 100));
    }

    @Test
    void nothingMeasuredIsNoFigure() {
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Spread.of(List.of(1.0, Double.NaN))).hasMessageContaining("NaN");
    }

    @Test
    void showsThreeDigitsThatMeanSomething() {
        assertThat(new Spread(1.2345, 0.98765, 12_345).toString()).isEqualTo("1.23 (0.99 to 12,345)");
        assertThat(Spread.of(0.00123).toString()).isEqualTo("0.0012");
    }
}
