package dev.fencepost.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.bench.ways.Way;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class HandOversTest {
    @Test
    void whatAWorkerSaysIsUnderstood() {
        HandOvers shown = new HandOvers(1234.5, 67.25, 8900);
        assertThat(HandOvers.parse(shown.line())).isEqualTo(shown);
    }

    @Test
    void severalJvmsAddUpAndTheLongestWaitIsThatOfAll() {
        HandOvers together = HandOvers.together(
                List.of(new HandOvers(10, 5, 100), new HandOvers(20, 7, 50), new HandOvers(30, 6, 300)));
        assertThat(together).isEqualTo(new HandOvers(60, 6, 300));
        assertThat(together.longestToMedian()).isEqualTo(50);
    }

    @Test
    void everyThreadGetsTheResourceAndNoneIsCountedTwice() {
        try (CountingWay way = new CountingWay()) {
            HandOvers shown = HandOvers.among(4, way, Duration.ofMillis(50));
            assertThat(way.acquired).isPositive();
            // The time measured is no shorter than that asked for.
            assertThat(shown.perSecond()).isPositive().isLessThanOrEqualTo(way.acquired / 0.05);
        }
    }

    private static final class CountingWay implements Way {
        private final ReentrantLock lock = new ReentrantLock(true);
        private long acquired;

        @Override
        public String title() {
            return "a lock of this JVM";
        }

        @Override
        public Runnable acquire(String resource) {
            lock.lock();
            acquired++;
            return lock::unlock;
        }

        @Override
        public void close() {}
    }
}
