package dev.fencepost.chaos.check;

import dev.fencepost.chaos.history.Reading;
import dev.fencepost.chaos.history.Span;
import java.util.List;
import java.util.Optional;

/**
 * Where a gauge stood early and late in a stretch of time: the medians of the second and of the last quarter. The first quarter is left out, in which
 * everything that a process makes once is made. A median does not see a fault, which lasts for seconds, and does see what a leak leaves behind,
 * which stays.
 *
 * @param early the median of the second quarter
 * @param late the median of the last quarter
 */
public record Trend(long early, long late) {
    /** So many readings of each of the two quarters make a median that a fault does not move. */
    static final int FEWEST = 5;

    /** The trend of readings in the order of time; empty if there are too few of them. */
    public static Optional<Trend> of(List<Reading> readings, Span all) {
        long quarter = (all.to() - all.from()) / 4;
        List<Long> early = values(readings, new Span(all.from() + quarter, all.from() + 2 * quarter));
        List<Long> late = values(readings, new Span(all.to() - quarter, all.to()));
        return early.size() < FEWEST || late.size() < FEWEST
                ? Optional.empty()
                : Optional.of(new Trend(median(early), median(late)));
    }

    private static List<Long> values(List<Reading> readings, Span span) {
        return readings.stream()
                .filter(reading -> span.from() <= reading.at() && reading.at() <= span.to())
                .map(Reading::value)
                .sorted()
                .toList();
    }

    private static long median(List<Long> sorted) {
        return sorted.get(sorted.size() / 2);
    }
}
