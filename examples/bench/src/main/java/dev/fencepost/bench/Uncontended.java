package dev.fencepost.bench;

import dev.fencepost.bench.measure.Load;
import dev.fencepost.bench.measure.Series;
import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.measure.Trial;
import dev.fencepost.bench.report.Part;
import dev.fencepost.bench.report.Question;
import dev.fencepost.bench.report.Row;
import dev.fencepost.bench.ways.FanOut;
import dev.fencepost.bench.ways.FencepostWay;
import dev.fencepost.bench.ways.RedissonWay;
import dev.fencepost.bench.ways.Way;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Locks that nobody else wants: how long one takes, and how many go through. */
final class Uncontended {
    private static final double NANOS_PER_MICRO = 1e3;
    private static final int MANY = 16;
    /** So few that the machine is idle most of the time. */
    private static final double STEADY = 300;

    private static final String STEADILY = "at " + (int) STEADY + " a second";

    private final Effort effort;
    private final List<String> nodes;

    Uncontended(Effort effort, List<String> nodes) {
        this.effort = effort;
        this.nodes = nodes;
    }

    /** Against Redisson's lock with a token, which asks one node. */
    Question latency() {
        Question question = new Question(
                "How long does it take to lock and to unlock?",
                "One thread on free resources; half of the calls take no longer than this, from the histogram of all. In a closed loop, where"
                        + " what nodes do for the last release takes from the next call; and at a steady rate, where it does not.");
        try (Way fencepost = new FencepostWay(nodes);
                Way thrifty = FencepostWay.thrifty(nodes);
                Way fenced = RedissonWay.fenced(nodes.get(0))) {
            List<Way> ways = List.of(fencepost, thrifty, fenced);
            ways.forEach(way -> Load.latencies(effort.warmUp(), way::acquireAndRelease));
            Series series = Series.interleaved(
                    effort.rounds(),
                    ways.stream()
                            .map(way -> new Trial(way.title(), () -> half(way)))
                            .toList());
            Series steady = Series.interleaved(
                    effort.rounds(),
                    ways.stream()
                            .map(way -> new Trial(way.title(), () -> steadyHalf(way)))
                            .toList());
            return question.bars("Acquire and release, one thread in a closed loop, p50", "us", series)
                    .bars("Acquire and release, one thread, " + (int) STEADY + " a second, p50", "us", steady)
                    .row(Row.of(
                            "acquire + release over 5 nodes, with token, 1 thread, p50",
                            asFast(
                                    "latency.fenced",
                                    "in a closed loop",
                                    series.ratio(fenced.title(), fencepost.title())),
                            asFast("latency.fenced.steady", STEADILY, steady.ratio(fenced.title(), fencepost.title()))))
                    .row(Row.of(
                            "the same, thrifty",
                            asFast(
                                    "latency.thrifty.fenced",
                                    "thrifty, in a closed loop",
                                    series.ratio(fenced.title(), thrifty.title())),
                            asFast(
                                    "latency.thrifty.fenced.steady",
                                    "thrifty, " + STEADILY,
                                    steady.ratio(fenced.title(), thrifty.title()))));
        }
    }

    private static Part asFast(String id, String how, Spread measured) {
        return Part.atLeast(id, "times as fast as RFencedLock on one node, " + how, measured, 1);
    }

    /** Against Redisson's lock over several nodes, and against bare fan-outs. */
    Question throughput() {
        Question question = new Question(
                "How many locks go through?",
                "Closed loops of so many threads, each on free resources of its own: pairs of acquire and release a second.");
        try (Way fencepost = new FencepostWay(nodes);
                Way thrifty = FencepostWay.thrifty(nodes);
                Way floor = FanOut.lowLevel(nodes);
                Way lettuce = FanOut.lettuce(nodes);
                Way rScript = FanOut.rScript(nodes);
                Way redLock = RedissonWay.redLock(nodes)) {
            Series one = rates(List.of(fencepost, thrifty, floor, redLock), 1);
            Series many = rates(List.of(fencepost, thrifty, floor, lettuce, rScript, redLock), MANY);
            question.bars("Acquire and release, 1 thread", "a second", one);
            question.bars("Acquire and release, " + MANY + " threads", "a second", many);
            question.row(Row.of(
                    "the same, throughput, 1 thread / 16 threads on distinct resources",
                    timesRedLock("throughput.redlock.1", "1 thread", one.ratio(fencepost.title(), redLock.title()), 8),
                    timesRedLock(
                            "throughput.redlock.16",
                            MANY + " threads",
                            many.ratio(fencepost.title(), redLock.title()),
                            4)));
            question.row(Row.of(
                    "the same, thrifty",
                    timesRedLock(
                            "throughput.thrifty.redlock.1",
                            "1 thread, thrifty",
                            one.ratio(thrifty.title(), redLock.title()),
                            8),
                    timesRedLock(
                            "throughput.thrifty.redlock.16",
                            MANY + " threads, thrifty",
                            many.ratio(thrifty.title(), redLock.title()),
                            4)));
            question.row(Row.of(
                    "the same, 16 threads, against the floor",
                    Part.atLeast(
                            "throughput.floor.16",
                            "times bare fan-outs on one pipelined connection a node",
                            many.ratio(fencepost.title(), floor.title()),
                            0.9)));
            return question;
        }
    }

    private static Part timesRedLock(String id, String how, Spread measured, double goal) {
        return Part.atLeast(id, "times RedissonRedLock over 5 nodes, " + how, measured, goal);
    }

    private Series rates(List<Way> ways, int threads) {
        List<Trial> trials = new ArrayList<>();
        for (Way way : ways) {
            Load.rate(threads, effort.warmUp(), way::acquireAndRelease);
            trials.add(new Trial(way.title(), () -> Load.rate(threads, effort.slice(), way::acquireAndRelease)));
        }
        return Series.interleaved(effort.rounds(), trials);
    }

    private static double micros(Histogram histogram) {
        return histogram.getValueAtPercentile(50) / NANOS_PER_MICRO;
    }

    private double steadyHalf(Way way) {
        return micros(Load.openLoop(1, STEADY, effort.slice(), way::acquireAndRelease));
    }

    private double half(Way way) {
        return micros(Load.latencies(effort.slice(), way::acquireAndRelease));
    }
}
