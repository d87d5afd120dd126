package dev.fencepost.chaos;

import dev.fencepost.chaos.history.FaultFact;
import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where everything of one trial goes in a drawing: faults above, and below them how many locks were taken in each stretch of time. Pure arithmetic.
 *
 * @param height of the drawing, which is {@link #WIDTH} wide
 * @param lanes one for each kind of fault
 * @param bars the faults
 * @param area the locks that were taken, as the points of a polygon
 * @param base where the area stands
 * @param ticks times
 * @param most the height of the area in words
 */
record Chart(long height, List<Lane> lanes, List<Bar> bars, String area, long base, List<Tick> ticks, String most) {
    /** How wide a drawing is. */
    static final int WIDTH = 1_100;

    private static final int LEFT = 190;
    private static final int RIGHT = 20;
    private static final int LANE = 16;
    private static final int TOP = 8;
    private static final int AREA = 90;
    private static final int BUCKETS = 300;
    private static final int TICKS = 10;

    /** The faults of one kind. */
    record Lane(String name, long y, int count) {}

    /** One fault. */
    record Bar(String title, double x, long y, double width) {}

    /** A time. */
    record Tick(double x, String label) {}

    static Chart of(History history, Span span) {
        Map<String, Lane> lanes = new LinkedHashMap<>();
        List<Bar> bars = new ArrayList<>();
        for (FaultFact fault : history.world().faults()) {
            Lane lane = lanes.compute(
                    fault.kind(),
                    (kind, known) -> known == null
                            ? new Lane(kind, TOP + (long) LANE * lanes.size(), 1)
                            : new Lane(kind, known.y(), known.count() + 1));
            double from = x(span, fault.span().from());
            String title = fault.kind() + ", " + fault.target();
            bars.add(new Bar(
                    title,
                    from,
                    lane.y(),
                    Math.max(1, tenths(x(span, fault.span().to()) - from))));
        }
        long base = TOP + (long) LANE * lanes.size() + AREA + 10;
        long[] counts = counts(history, span);
        long most = 1;
        for (long count : counts) {
            most = Math.max(most, count);
        }
        double perSecond = most / ((span.to() - span.from()) / 1e9 / BUCKETS);
        return new Chart(
                base + 22,
                List.copyOf(lanes.values()),
                bars,
                area(counts, most, base),
                base,
                ticks(span),
                String.format(Locale.ROOT, "up to %.0f locks a second", perSecond));
    }

    private static long[] counts(History history, Span span) {
        long[] counts = new long[BUCKETS];
        for (LeaseFact lease : history.leases()) {
            double part = (lease.asked().to() - span.from()) / (double) (span.to() - span.from());
            counts[(int) Math.max(0, Math.min(BUCKETS - 1, part * BUCKETS))]++;
        }
        return counts;
    }

    private static String area(long[] counts, long most, long base) {
        StringBuilder points = new StringBuilder();
        double step = (WIDTH - LEFT - RIGHT) / (double) BUCKETS;
        points.append(point(LEFT, (double) base));
        for (int i = 0; i < BUCKETS; i++) {
            double y = base - counts[i] * (double) AREA / most;
            points.append(point(LEFT + i * step, y)).append(point(LEFT + (i + 1) * step, y));
        }
        return points.append(point(WIDTH - (double) RIGHT, (double) base)).toString();
    }

    private static String point(double x, double y) {
        return String.format(Locale.ROOT, "%.1f,%.1f ", x, y);
    }

    private static List<Tick> ticks(Span span) {
        List<Tick> ticks = new ArrayList<>();
        double seconds = (span.to() - span.from()) / 1e9;
        for (int i = 0; i <= TICKS; i++) {
            double x = LEFT + i * (WIDTH - LEFT - RIGHT) / (double) TICKS;
            ticks.add(new Tick(x, String.format(Locale.ROOT, "%.0f s", seconds * i / TICKS)));
        }
        return ticks;
    }

    private static double x(Span span, long moment) {
        double part = (moment - span.from()) / (double) (span.to() - span.from());
        return tenths(LEFT + part * (WIDTH - LEFT - RIGHT));
    }

    private static double tenths(double value) {
        return Math.round(10 * value) / 10.0;
    }
}
