package dev.fencepost.bench;

import dev.fencepost.bench.measure.Series;
import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.measure.Trial;
import dev.fencepost.bench.report.Curves;
import dev.fencepost.bench.report.Part;
import dev.fencepost.bench.report.Question;
import dev.fencepost.bench.report.Row;
import dev.fencepost.bench.ways.Way;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** One resource that everybody wants: how quickly it goes from hand to hand, and whether everybody gets it. */
final class Contended {
    private static final int THREADS = 16;
    private static final int JVMS = 4;
    private static final double LONGEST_TO_MEDIAN = 20;
    private static final List<Integer> WAITERS = List.of(1, 16, 64, 256);

    private final Effort effort;
    private final List<String> nodes;

    Contended(Effort effort, List<String> nodes) {
        this.effort = effort;
        this.nodes = nodes;
    }

    Question handOvers() {
        Question question = new Question(
                "How quickly does a lock go from hand to hand?",
                "All want one resource, hold it for no time, and want it again: how often a second somebody gets it. What a"
                        + " thread waits is counted from its call to its lock; the longest wait of a round is compared with the"
                        + " median of the same round.");
        List<Part> parts = new ArrayList<>();
        Map<String, Way> ways = HandOvers.ways(nodes);
        try {
            Function<String, HandOvers> here = name -> HandOvers.among(
                    THREADS,
                    Objects.requireNonNull(ways.get(name)),
                    effort.slice().multipliedBy(2));
            parts.addAll(compare(question, "1 JVM x 16 threads", "contended.jvm", here));
            question.chart(waiters(Objects.requireNonNull(ways.get(HandOvers.OURS))));
        } finally {
            ways.values().forEach(Way::close);
        }
        try (HandOverWorkers workers = new HandOverWorkers(JVMS, THREADS / JVMS, nodes)) {
            Function<String, HandOvers> there =
                    name -> workers.run(name, effort.slice().multipliedBy(2));
            parts.addAll(compare(question, "4 JVMs x 4 threads", "contended.jvms", there));
        }
        return question.row(new Row(
                "one contended resource, 16 threads of one JVM, and 4 JVMs x 4 threads: hand-overs a second", parts));
    }

    private List<Part> compare(Question question, String where, String id, Function<String, HandOvers> measure) {
        Map<String, List<Double>> longest = new HashMap<>();
        List<Trial> trials = new ArrayList<>();
        for (String name : List.of(HandOvers.OURS, HandOvers.THRIFTY, HandOvers.PLAIN, HandOvers.RED_LOCK)) {
            var unused = measure.apply(name);
            trials.add(new Trial(name, () -> {
                HandOvers shown = measure.apply(name);
                longest.computeIfAbsent(name, of -> new ArrayList<>()).add(shown.longestToMedian());
                return shown.perSecond();
            }));
        }
        Series series = Series.interleaved(effort.fewRounds(), trials);
        question.bars("Hand-overs, " + where, "a second", series);
        List<Part> parts = new ArrayList<>();
        parts.addAll(parts(series, longest, HandOvers.OURS, where, id));
        parts.addAll(parts(series, longest, HandOvers.THRIFTY, where + ", thrifty", id + ".thrifty"));
        return parts;
    }

    private static List<Part> parts(
            Series series, Map<String, List<Double>> longest, String ours, String where, String id) {
        return List.of(
                Part.atLeast(
                        id + ".rlock", where + ", times RLock on one node", series.ratio(ours, HandOvers.PLAIN), 1),
                Part.atLeast(
                        id + ".redlock", where + ", times RedissonRedLock", series.ratio(ours, HandOvers.RED_LOCK), 10),
                Part.atMost(
                        id + ".longest",
                        where + ", longest wait to median",
                        Spread.of(Objects.requireNonNull(longest.get(ours))),
                        LONGEST_TO_MEDIAN));
    }

    private String waiters(Way way) {
        List<Curves.Point> points = new ArrayList<>();
        for (int waiters : WAITERS) {
            points.add(new Curves.Point(
                    waiters,
                    Spread.of(HandOvers.among(waiters, way, effort.slice()).perSecond())));
        }
        return new Curves("Hand-overs of one resource within one JVM", "a second", "threads that want it")
                .line(way.title(), points)
                .svg();
    }
}
