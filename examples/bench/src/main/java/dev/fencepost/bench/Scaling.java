package dev.fencepost.bench;

import dev.fencepost.bench.measure.Load;
import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.report.Curves;
import dev.fencepost.bench.report.Question;
import dev.fencepost.bench.ways.FanOut;
import dev.fencepost.bench.ways.FencepostWay;
import dev.fencepost.bench.ways.RedissonWay;
import dev.fencepost.bench.ways.Way;
import dev.fencepost.servers.RedisServers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Where cost grows: with nodes and with threads. */
final class Scaling {
    private static final List<Integer> NODES = List.of(1, 3, 5, 7);
    private static final List<Integer> THREADS = List.of(1, 4, 16, 64);
    private static final int MANY = 16;
    private static final int CLUSTER = 5;

    private final Effort effort;

    Scaling(Effort effort) {
        this.effort = effort;
    }

    Question curves() {
        Question question = new Question(
                "Where does the cost grow?",
                "Pairs of acquire and release a second in closed loops: with the number of nodes, " + MANY
                        + " threads; and with the number"
                        + " of threads, " + CLUSTER
                        + " nodes. Nodes, client and loops share the machine's processors, so that each"
                        + " node more takes from the rest.");
        try (RedisServers servers = RedisServers.start(NODES.get(NODES.size() - 1))) {
            List<String> all = List.of(servers.uris());
            List<Curves.Point> ours = new ArrayList<>();
            List<Curves.Point> floor = new ArrayList<>();
            for (int nodes : NODES) {
                List<String> some = all.subList(0, nodes);
                ours.add(new Curves.Point(nodes, Spread.of(rate(new FencepostWay(some), MANY))));
                floor.add(new Curves.Point(nodes, Spread.of(rate(FanOut.lowLevel(some), MANY))));
            }
            question.chart(new Curves("Acquire and release, 16 threads", "a second", "nodes")
                    .line("Fencepost", ours)
                    .line("bare fan-out", floor)
                    .svg());
            ours.forEach(point -> question.figure(
                    "Fencepost, " + Spread.show(point.size()) + " nodes, 16 threads", point.value(), "a second"));
            List<String> five = all.subList(0, CLUSTER);
            question.chart(new Curves("Acquire and release, 5 nodes", "a second", "threads")
                    .line("Fencepost", byThreads(threads -> new FencepostWay(five)))
                    .line("bare fan-out", byThreads(threads -> FanOut.lowLevel(five)))
                    .line("RedissonRedLock", byThreads(threads -> RedissonWay.redLock(five)))
                    .svg());
        }
        return question;
    }

    private List<Curves.Point> byThreads(IntFunction<Way> start) {
        List<Curves.Point> points = new ArrayList<>();
        for (int threads : THREADS) {
            points.add(new Curves.Point(threads, Spread.of(rate(start.apply(threads), threads))));
        }
        return points;
    }

    private double rate(Way opened, int threads) {
        try (Way way = opened) {
            Load.rate(threads, effort.slice().dividedBy(2), way::acquireAndRelease);
            return Load.rate(threads, effort.slice(), way::acquireAndRelease);
        }
    }
}
