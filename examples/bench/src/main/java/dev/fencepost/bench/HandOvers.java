package dev.fencepost.bench;

import dev.fencepost.bench.measure.Load;
import dev.fencepost.bench.measure.Workers;
import dev.fencepost.bench.ways.FencepostWay;
import dev.fencepost.bench.ways.RedissonWay;
import dev.fencepost.bench.ways.Way;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What showed when threads took one resource from each other.
 *
 * @param perSecond how often somebody got it
 * @param medianMicros what half of them waited for it at most
 * @param maxMicros what one waited for it
 */
record HandOvers(double perSecond, double medianMicros, double maxMicros) {
    static final String OURS = "Fencepost, 5 nodes, token";
    static final String THRIFTY = "Fencepost thrifty, 5 nodes, token";
    static final String PLAIN = "Redisson RLock, 1 node, no token";
    static final String RED_LOCK = "RedissonRedLock, 5 nodes, no token";

    private static final String HOT = "hot";

    /** The ways that are compared, by their names. */
    static Map<String, Way> ways(List<String> nodes) {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put(OURS, new FencepostWay(nodes));
        ways.put(THRIFTY, FencepostWay.thrifty(nodes));
        ways.put(PLAIN, RedissonWay.plain(nodes.get(0)));
        ways.put(RED_LOCK, RedissonWay.redLock(nodes));
        return ways;
    }

    /** Has threads want one resource for a while, hold it for no time, and want it again. */
    static HandOvers among(int threads, Way way, Duration duration) {
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        Histogram waits = Load.histogram();
        Workers.run(threads, thread -> {
                    Histogram own = Load.histogram();
                    do {
                        long called = System.nanoTime();
                        Runnable release = way.acquire(HOT);
                        own.recordValue(System.nanoTime() - called);
                        release.run();
                    } while (System.nanoTime() - end < 0);
                    return own;
                })
                .forEach(waits::add);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new HandOvers(
                waits.getTotalCount() / seconds, waits.getValueAtPercentile(50) / 1e3, waits.getMaxValue() / 1e3);
    }

    /** Several such at once, as one: all that got it, the middle of the medians, and the longest wait. */
    static HandOvers together(List<HandOvers> parts) {
        return new HandOvers(
                parts.stream().mapToDouble(HandOvers::perSecond).sum(),
                parts.stream()
                        .mapToDouble(HandOvers::medianMicros)
                        .sorted()
                        .skip(parts.size() / 2)
                        .findFirst()
                        .orElseThrow(),
                parts.stream().mapToDouble(HandOvers::maxMicros).max().orElseThrow());
    }

    /** How many times as long as half of them the last one waited. */
    double longestToMedian() {
        return maxMicros / Math.max(1, medianMicros);
    }

    String line() {
        return perSecond + " " + medianMicros + " " + maxMicros;
    }

    static HandOvers parse(String line) {
        double[] parts =
                Stream.of(line.split(" ", 3)).mapToDouble(Double::parseDouble).toArray();
        return new HandOvers(parts[0], parts[1], parts[2]);
    }
}
