package dev.fencepost.bench;

import dev.fencepost.bench.measure.Load;
import dev.fencepost.bench.measure.Series;
import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.measure.Trial;
import dev.fencepost.bench.report.Part;
import dev.fencepost.bench.report.Question;
import dev.fencepost.bench.report.Row;
import dev.fencepost.bench.ways.FencepostWay;
import dev.fencepost.bench.ways.Way;
import dev.fencepost.redis.internal.RescriptedClient;
import java.util.List;

/** What it costs on the way of each lock to notice that a node has forgotten. */
final class Noticing {
    private static final String LOOKING = "as it is";
    private static final String BLIND = "without looking at the marker";
    private static final int MANY = 16;
    /** Turns are short and many: what else the machine does then meets both alike. */
    private static final int TURNS = 4;

    private static final int COUNTED = 200;

    private final Effort effort;
    private final List<String> nodes;

    Noticing(Effort effort, List<String> nodes) {
        this.effort = effort;
        this.nodes = nodes;
    }

    Question cost() {
        Question question = new Question(
                "What does it cost to notice that a node has forgotten?",
                "Pairs of acquire and release a second, in closed loops of so many threads on free resources: this library as it is, and the same"
                        + " with scripts that neither look at the marker of their node nor move it. Two clients of the same code, on the same"
                        + " nodes, over one pipelined connection each.");
        RescriptedClient looking = RescriptedClient.asItIs(nodes);
        RescriptedClient blind = RescriptedClient.withoutLooking(nodes);
        try (Way with = new FencepostWay(LOOKING, looking.locks());
                Way without = new FencepostWay(BLIND, blind.locks())) {
            double requests = requests(looking, with);
            double requestsWithout = requests(blind, without);
            Series one = rates(List.of(with, without), 1);
            Series many = rates(List.of(with, without), MANY);
            return question.figure("scripts a pair and node, " + LOOKING, Spread.of(requests), "")
                    .figure("scripts a pair and node, " + BLIND, Spread.of(requestsWithout), "")
                    .bars("Acquire and release, 1 thread", "a second", one)
                    .bars("Acquire and release, " + MANY + " threads", "a second", many)
                    .row(row(one, many, Spread.of(requests), requestsWithout));
        }
    }

    private static Row row(Series one, Series many, Spread requests, double requestsWithout) {
        return Row.of(
                "acquire + release with the look at the marker, throughput, 1 thread / 16 threads; requests",
                Part.atLeast(
                        "forgetful.throughput.1", "times that without it, 1 thread", one.ratio(LOOKING, BLIND), 0.95),
                Part.atLeast(
                        "forgetful.throughput.16",
                        "times that without it, 16 threads",
                        many.ratio(LOOKING, BLIND),
                        0.95),
                Part.atMost(
                        "forgetful.requests",
                        "scripts a pair and node, " + Spread.show(requestsWithout) + " without it",
                        requests,
                        2));
    }

    private double requests(RescriptedClient client, Way way) {
        long before = client.requests();
        for (int i = 0; i < COUNTED; i++) {
            way.acquireAndRelease("counted/" + i);
        }
        return (client.requests() - before) / (double) COUNTED / nodes.size();
    }

    private Series rates(List<Way> ways, int threads) {
        ways.forEach(way -> Load.rate(threads, effort.slice().dividedBy(2), way::acquireAndRelease));
        return Series.interleaved(
                effort.rounds() * TURNS,
                ways.stream()
                        .map(way -> new Trial(
                                way.title(),
                                () -> Load.rate(threads, effort.slice().dividedBy(TURNS), way::acquireAndRelease)))
                        .toList());
    }
}
