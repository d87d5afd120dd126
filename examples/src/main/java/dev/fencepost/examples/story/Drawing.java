package dev.fencepost.examples.story;

import dev.fencepost.examples.story.Timeline.Moment;
import dev.fencepost.examples.story.Timeline.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Where everything of a timeline goes on a page. Pure arithmetic.
 *
 * <p>Time runs to the right, but not to scale: moments that are a millisecond apart have to be told apart beside seconds of waiting. Each gap
 * is as wide as the logarithm of its length, and each moment says its time.
 *
 * @param height of the whole drawing, which is {@link #WIDTH} wide
 * @param lanes one for each process
 * @param ticks one for each time at which something happened
 * @param bars what lasted
 * @param glyphs what happened
 */
record Drawing(long height, List<Lane> lanes, List<Tick> ticks, List<Bar> bars, List<Glyph> glyphs) {
    /** How wide a drawing is. */
    static final int WIDTH = 1_180;

    private static final int LEFT = 130;
    private static final int RIGHT = 45;
    private static final int TOP = 26;
    private static final int LANE = 44;
    private static final int MIDDLE = 25;
    private static final int LABEL_ABOVE = -12;
    private static final int LABEL_BELOW = 20;
    private static final double CHARACTER = 6.3;
    private static final double TAIL = 16;

    /** The line of one process. */
    record Lane(String name, long y, long end) {}

    /** A time. */
    record Tick(long x, String label, long end) {}

    /** Something that lasted; {@code style} is the name of a CSS class. */
    record Bar(String style, long x, long y, long width, int height) {}

    /** Something that happened; {@code symbol} is the name of a symbol. */
    record Glyph(String symbol, long x, long y, String label, long labelX, long labelY, String title) {}

    static Drawing of(Timeline timeline) {
        NavigableMap<Double, Double> columns = columns(timeline.moments());
        Map<String, Integer> places = new HashMap<>();
        List<Lane> lanes = new ArrayList<>();
        for (String name : timeline.lanes()) {
            places.put(name, TOP + LANE * lanes.size() + MIDDLE);
            lanes.add(new Lane(name, places.getOrDefault(name, 0), WIDTH));
        }
        long height = TOP + (long) LANE * lanes.size() + 4;
        List<Tick> ticks = columns.entrySet().stream()
                .map(column -> new Tick(Math.round(column.getValue()), shown(column.getKey()), height))
                .toList();
        List<Bar> bars = timeline.spans().stream()
                .map(span -> bar(span, columns, places.getOrDefault(span.lane(), 0)))
                .toList();
        return new Drawing(height, lanes, ticks, bars, glyphs(timeline.moments(), columns, places));
    }

    /** For each time at which something happened, where it goes. */
    private static NavigableMap<Double, Double> columns(List<Moment> moments) {
        NavigableMap<Double, Double> offsets = new TreeMap<>();
        double previous = 0;
        double sum = 0;
        for (Moment moment : moments) {
            if (!offsets.isEmpty() && moment.millis() > previous) {
                sum += 1 + 0.5 * Math.log10(1 + (moment.millis() - previous) / 10);
            }
            offsets.put(moment.millis(), sum);
            previous = moment.millis();
        }
        double scale = sum == 0 ? 0 : (WIDTH - LEFT - RIGHT) / sum;
        offsets.replaceAll((millis, offset) -> LEFT + offset * scale);
        return offsets;
    }

    private static double x(double millis, NavigableMap<Double, Double> columns) {
        Map.Entry<Double, Double> before = columns.floorEntry(millis);
        Map.Entry<Double, Double> after = columns.ceilingEntry(millis);
        if (before == null) {
            return LEFT;
        }
        if (after == null) {
            return before.getValue() + TAIL;
        }
        double width = after.getKey() - before.getKey();
        double part = width == 0 ? 0 : (millis - before.getKey()) / width;
        return before.getValue() + part * (after.getValue() - before.getValue());
    }

    private static Bar bar(Span span, NavigableMap<Double, Double> columns, int middle) {
        long from = Math.round(x(span.from(), columns));
        long to = Math.round(x(span.to(), columns));
        int height = thickness(span.state());
        return new Bar(
                span.state().name().toLowerCase(Locale.ROOT),
                from,
                middle - height / 2,
                Math.max(3, to - from),
                height);
    }

    /** A pause is thin, so that the lease that goes on or runs out meanwhile is seen behind it. */
    private static int thickness(Timeline.State state) {
        return state == Timeline.State.PAUSED ? 6 : 14;
    }

    /** Labels stand above their lane, or below it where the one before is in the way. */
    private static List<Glyph> glyphs(
            List<Moment> moments, NavigableMap<Double, Double> columns, Map<String, Integer> places) {
        Map<String, Double> taken = new HashMap<>();
        List<Glyph> glyphs = new ArrayList<>();
        for (Moment moment : moments) {
            double x = x(moment.millis(), columns);
            double half = moment.label().length() * CHARACTER / 2;
            double labelX = Math.min(x, WIDTH - half - 2);
            boolean below = labelX - half < taken.getOrDefault(moment.lane(), 0.0);
            if (!below) {
                taken.put(moment.lane(), labelX + half + CHARACTER);
            }
            int middle = places.getOrDefault(moment.lane(), 0);
            glyphs.add(new Glyph(
                    moment.kind().name().toLowerCase(Locale.ROOT),
                    Math.round(x),
                    middle,
                    moment.label(),
                    Math.round(labelX),
                    middle + (below ? LABEL_BELOW : LABEL_ABOVE),
                    shown(moment.millis()) + " ms, " + moment.lane() + ": " + moment.label()));
        }
        return glyphs;
    }

    private static String shown(double millis) {
        return String.format(Locale.ROOT, "%,d", Math.round(millis));
    }
}
