package dev.fencepost.chaos.check;

import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.Observation.Gauged;
import dev.fencepost.chaos.history.Reading;
import dev.fencepost.chaos.history.Span;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;

/** What must not grow, however long it goes on. */
final class LeakChecks {
    /** A shorter trial says nothing of growth: its processes are still warming up. */
    private static final Duration SHORTEST = Duration.ofMinutes(3);

    private LeakChecks() {}

    /** One thing is looked at for each gauge, if the trial was long enough. Then a gauge that was not read is not right, either. */
    static void flat(History history, Findings findings) {
        List<Gauged> all = history.observations().stream()
                .filter(Gauged.class::isInstance)
                .map(Gauged.class::cast)
                .toList();
        Span span = span(all);
        Duration length = Duration.ofNanos(span.to() - span.from());
        if (length.compareTo(SHORTEST) < 0) {
            findings.leaveOpen(
                    all.size(),
                    () -> length.toSeconds() + " s are too short to tell growth from warming up; it takes "
                            + SHORTEST.toSeconds() + " s");
            return;
        }
        for (Gauged gauged : all) {
            Optional<Trend> trend = Trend.of(gauged.readings(), span);
            findings.expect(
                    trend.filter(known -> known.late() <= known.early() + gauged.allowance())
                            .isPresent(),
                    () -> told(gauged, trend));
        }
    }

    private static Span span(List<Gauged> all) {
        LongSummaryStatistics moments = all.stream()
                .flatMap(gauged -> gauged.readings().stream())
                .mapToLong(Reading::at)
                .summaryStatistics();
        return moments.getCount() == 0 ? new Span(0, 0) : new Span(moments.getMin(), moments.getMax());
    }

    private static String told(Gauged gauged, Optional<Trend> trend) {
        return trend.map(known -> gauged.what() + " grew from " + known.early() + " to " + known.late()
                        + "; allowed are " + gauged.allowance() + " more")
                .orElseGet(() -> gauged.what() + " was read "
                        + gauged.readings().size() + " times, too seldom to say that it did not grow");
    }
}
