package dev.fencepost.bench;

import dev.fencepost.bench.measure.Series;
import dev.fencepost.bench.measure.Trial;
import dev.fencepost.bench.report.Question;
import dev.fencepost.bench.ways.FanOut;
import dev.fencepost.bench.ways.FencepostWay;
import dev.fencepost.bench.ways.RedissonWay;
import dev.fencepost.bench.ways.Way;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What it takes until the first lock is there, and what runs afterwards. */
final class StartUp {
    private static final int ROUNDS = 3;

    private final List<String> nodes;

    StartUp(List<String> nodes) {
        this.nodes = nodes;
    }

    Question start() {
        Map<String, Supplier<Way>> ways = new LinkedHashMap<>();
        ways.put("Fencepost, 5 nodes", () -> new FencepostWay(nodes));
        ways.put("RedissonRedLock, 5 clients that share threads", () -> RedissonWay.redLock(nodes));
        ways.put("bare fan-out, 5 connections of the low-level client", () -> FanOut.lowLevel(nodes));
        List<Trial> times = new ArrayList<>();
        Map<String, Integer> threads = new LinkedHashMap<>();
        ways.forEach((name, way) -> {
            threads.put(name, threads(way));
            times.add(new Trial(name, () -> firstLock(way)));
        });
        Question question = new Question(
                        "How long until the first lock, and how many threads?",
                        "From nothing to one lock taken and given back, in a JVM that is warm; and the threads that are there then.")
                .bars("Until the first lock", "ms", Series.interleaved(ROUNDS, times));
        return question.bars(
                "Threads",
                "",
                Series.interleaved(
                        1,
                        threads.entrySet().stream()
                                .map(one -> new Trial(one.getKey(), () -> one.getValue()))
                                .toList()));
    }

    private static double firstLock(Supplier<Way> start) {
        long before = System.nanoTime();
        try (Way way = start.get()) {
            way.acquireAndRelease("first");
            return (System.nanoTime() - before) / 1e6;
        }
    }

    private static int threads(Supplier<Way> start) {
        int before = ManagementFactory.getThreadMXBean().getThreadCount();
        try (Way way = start.get()) {
            way.acquireAndRelease("first");
            return ManagementFactory.getThreadMXBean().getThreadCount() - before;
        }
    }
}
