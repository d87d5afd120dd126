package dev.fencepost.chaos.check;

import dev.fencepost.chaos.history.Handicap;
import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.Observation.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one node that is bad all the time costs, as multiples of what there is without in the same round: 2 is twice as long, or half as many.
 *
 * @param handicap how the node is bad
 * @param measure what is compared
 * @param multiples one of each round, the smallest first
 * @param bound what is too much
 * @param measuredLong whether the bound is the target of the benchmarks
 */
public record Pace(Handicap handicap, Measure measure, List<Double> multiples, double bound, boolean measuredLong) {
    /**
     * When it was measured for so long, it is held against the targets of the benchmarks. A shorter measurement, on a machine that may be busy,
     * shows only what is out of all proportion: a quorum that waits for the one node.
     */
    private static final Duration ENOUGH = Duration.ofSeconds(40);

    /** How far below the middle of n values the median of what they are taken from may be, nineteen times out of twenty, in roots of n. */
    private static final double DOUBT = 0.98;

    private static final double DOWN = 1.5;
    private static final double SLOW = 1.1;

    /** What is compared. */
    public enum Measure {
        /** Locks taken in a second. */
        THROUGHPUT("locks a second", 4),
        /** What half of the acquisitions do not take longer than. */
        HALF("acquire, p50", 4),
        /** What all acquisitions but a hundredth do not take longer than. On a busy machine that is the time for which the machine is busy. */
        MOST("acquire, p99", 40);

        private final String title;
        private final double wide;

        Measure(String title, double wide) {
            this.title = title;
            this.wide = wide;
        }

        /** In words. */
        public String title() {
            return title;
        }

        private double multiple(Tempo bad, Tempo good) {
            return switch (this) {
                case THROUGHPUT -> good.perSecond() / bad.perSecond();
                case HALF -> bad.half() / good.half();
                case MOST -> bad.most() / good.most();
            };
        }
    }

    /** Copies the multiples. */
    public Pace {
        multiples = multiples.stream().sorted().toList();
    }

    /** Every comparison that a history allows: none, if it has no turns. */
    public static List<Pace> of(History history) {
        List<Turn> turns = history.observations().stream()
                .filter(Turn.class::isInstance)
                .map(Turn.class::cast)
                .toList();
        long measured = turns.stream()
                .filter(turn -> turn.handicap() == Handicap.NONE)
                .mapToLong(turn -> turn.span().to() - turn.span().from())
                .sum();
        boolean enough = measured >= ENOUGH.toNanos();
        Map<Integer, Map<Handicap, Tempo>> rounds = new TreeMap<>();
        Tempo.of(turns, history.leases())
                .forEach((turn, tempo) -> rounds.computeIfAbsent(turn.round(), fresh -> new EnumMap<>(Handicap.class))
                        .put(turn.handicap(), tempo));
        List<Pace> paces = new ArrayList<>();
        for (Handicap handicap : List.of(Handicap.ONE_DOWN, Handicap.ONE_SLOW)) {
            for (Measure measure : Measure.values()) {
                List<Double> multiples = multiples(rounds.values(), handicap, measure);
                if (!multiples.isEmpty()) {
                    paces.add(new Pace(handicap, measure, multiples, enough ? target(handicap) : measure.wide, enough));
                }
            }
        }
        return paces;
    }

    private static List<Double> multiples(Iterable<Map<Handicap, Tempo>> rounds, Handicap handicap, Measure measure) {
        List<Double> multiples = new ArrayList<>();
        for (Map<Handicap, Tempo> round : rounds) {
            Tempo bad = round.get(handicap);
            Tempo good = round.get(Handicap.NONE);
            if (bad != null && good != null) {
                multiples.add(measure.multiple(bad, good));
            }
        }
        return multiples;
    }

    private static double target(Handicap handicap) {
        return handicap == Handicap.ONE_DOWN ? DOWN : SLOW;
    }

    /** The median; of an even number of rounds the worse of the two. */
    public double median() {
        return multiples.get(multiples.size() / 2);
    }

    /**
     * What is held against the bound: the median, and of a long measurement, whose bound is near, the smallest that the median may be if what differs from round to round is chance (at 95 %). A
     * bound is exceeded when it is exceeded beyond doubt.
     */
    public double judged() {
        int size = multiples.size();
        int lowest = (int) Math.max(0, Math.floor(size / 2.0 - DOUBT * Math.sqrt(size)) - 1);
        return measuredLong ? multiples.get(lowest) : median();
    }

    /** Whether it is within the bound. */
    public boolean isWithin() {
        return judged() <= bound;
    }

    /** In words. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s with %s: %.2f times as bad as with none (%.2f to %.2f in %d rounds), %.2f beyond doubt; allowed are %.1f",
                measure.title(),
                handicap.title(),
                median(),
                multiples.get(0),
                multiples.get(multiples.size() - 1),
                multiples.size(),
                judged(),
                bound);
    }
}
