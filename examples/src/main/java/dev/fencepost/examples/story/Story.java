package dev.fencepost.examples.story;

import dev.fencepost.examples.story.Timeline.Mark;
import dev.fencepost.examples.story.Timeline.Moment;
import dev.fencepost.examples.story.Timeline.Span;
import dev.fencepost.examples.story.Timeline.State;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes down what happens in one act, and prints it while it happens. For use by one thread. */
public final class Story {
    private final List<String> lanes;
    private final PrintStream out;
    private final List<Moment> moments = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();
    private final Map<String, Span> open = new LinkedHashMap<>();
    private @Nullable Instant start;

    /** A story of these processes, in the order in which they are drawn. */
    public Story(List<String> lanes, PrintStream out) {
        this.lanes = List.copyOf(lanes);
        this.out = out;
    }

    /** Something happens now. */
    public void tell(String lane, Mark mark, String label, String text) {
        tell(Instant.now(), lane, mark, label, text);
    }

    /** Something happened at that time. */
    public void tell(Instant at, String lane, Mark mark, String label, String text) {
        if (!lanes.contains(lane)) {
            throw new IllegalArgumentException("lane must be one of " + lanes + ", but is " + lane);
        }
        Moment moment = new Moment(millis(at), lane, mark, label, text);
        moments.add(moment);
        if (!text.isEmpty()) {
            out.printf(Locale.ROOT, "  %7.3f s  %-10s  %s%n", moment.millis() / 1_000, lane, text);
        }
    }

    /** A process is in a state from that time on. */
    public void begin(String lane, State state, Instant at) {
        open.put(lane + state, new Span(lane, state, millis(at), Double.NaN));
    }

    /** A process has left a state at that time, if it was in it. */
    public void end(String lane, State state, Instant at) {
        Span begun = open.remove(lane + state);
        if (begun != null) {
            spans.add(new Span(lane, state, begun.from(), Math.max(begun.from(), millis(at))));
        }
    }

    /** All of it. What still lasts is drawn to the last moment. */
    public Timeline timeline() {
        List<Moment> sorted = moments.stream()
                .sorted(Comparator.comparingDouble(Moment::millis))
                .toList();
        double last = sorted.isEmpty() ? 0 : sorted.get(sorted.size() - 1).millis();
        List<Span> all = new ArrayList<>(spans);
        open.values()
                .forEach(
                        span -> all.add(new Span(span.lane(), span.state(), span.from(), Math.max(span.from(), last))));
        all.sort(Comparator.comparing(Span::state));
        return new Timeline(lanes, sorted, all);
    }

    /** The story begins with what is told first. Tenths of a millisecond are all that is worth telling. */
    private double millis(Instant at) {
        Instant zero = start == null ? at : start;
        start = zero;
        return Math.round(Duration.between(zero, at).toNanos() / 100_000.0) / 10.0;
    }
}
