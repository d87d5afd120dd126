package dev.fencepost.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LoadTest {
    @Test
    void whatWaitsBehindASlowCallOfAnOpenLoopCountsAsSlow() {
        AtomicInteger calls = new AtomicInteger();
        Histogram histogram = Load.openLoop(1, 1_000, Duration.ofMillis(100), resource -> {
            if (calls.incrementAndGet() == 1) {
                takeAtLeast(Duration.ofMillis(60));
            }
        });
        assertThat(histogram.getTotalCount()).isEqualTo(100);
        // Those that were to begin in the first 40 of these 60 ms were at least 20 ms late, although each took no time
        // by itself.
        assertThat(histogram.getCountBetweenValues(TimeUnit.MILLISECONDS.toNanos(19), Long.MAX_VALUE / 2))
                .isGreaterThanOrEqualTo(40);
    }

    @Test
    void threadsDoNotMeetOnResources() {
        Set<String> inUse = ConcurrentHashMap.newKeySet();
        double rate = Load.rate(4, Duration.ofMillis(20), resource -> {
            assertThat(inUse.add(resource)).isTrue();
            inUse.remove(resource);
        });
        assertThat(rate).isPositive();
    }

    @Test
    void aFailureOfWhatIsMeasuredIsNoFigure() {
        assertThatThrownBy(() -> Load.rate(2, Duration.ofMillis(20), resource -> {
                    throw new IllegalStateException("not locked");
                }))
                .hasMessageContaining("not locked");
        assertThatThrownBy(() -> Load.latencies(Duration.ofMillis(20), resource -> {
                    throw new IllegalStateException("not locked");
                }))
                .hasMessageContaining("not locked");
    }

    private static void takeAtLeast(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
