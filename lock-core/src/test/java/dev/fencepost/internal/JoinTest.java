package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JoinTest {
    private final Join none = Join.of(5, 4, 7);

    @Test
    void aViewIsEstablishedWhenAQuorumOfOthersHasToldItsMarksAndIsStillThere() {
        Join told = none.marked(0, "a", 10).marked(1, "b", 30).marked(2, "c", 20);

        assertThat(told.hasMarks()).isTrue();
        assertThat(told.isEstablished()).isFalse();
        assertThat(told.seen(0, "a").seen(1, "b").isEstablished()).isFalse();
        assertThat(told.seen(0, "a").seen(1, "b").seen(2, "c").isEstablished()).isTrue();
        assertThat(told.floor()).isEqualTo(30);
    }

    @Test
    void aNodeThatHasForgottenSinceItToldItsMarkDoesNotCount() {
        Join told = none.marked(0, "a", 10).marked(1, "b", 30).marked(2, "c", 20);

        assertThat(told.seen(0, "a").seen(1, "b").seen(2, "another").isEstablished())
                .isFalse();
    }

    @Test
    void aMinorityIsTooFewAndIsNotLookedAtAgain() {
        Join told = none.marked(0, "a", 10).marked(1, "b", 30);

        assertThat(told.hasMarks()).isFalse();
        assertThat(told.seen(0, "a")).isEqualTo(told);
    }

    @Test
    void theNodeItselfHasNothingToTell() {
        assertThat(none.marked(4, "e", 10)).isEqualTo(none);
    }

    @Test
    void aMarkCountsOnce() {
        Join told = none.marked(0, "a", 10);

        assertThat(told.marked(0, "b", 90)).isEqualTo(told);
        assertThat(told.marked(0, "a", 10).marked(0, "a", 10).hasMarks()).isFalse();
    }
}
