package dev.fencepost.bench.report;

import dev.fencepost.bench.measure.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A picture with a line for each thing that was measured at several sizes: sizes on a logarithmic scale, values from zero. For use by one thread. */
public final class Curves {
    private static final int LEFT = 70;
    private static final int WIDTH = 520;
    private static final int LABELS = 270;
    private static final int TOP = 40;
    private static final int HEIGHT = 220;
    private static final int BOTTOM = 44;
    private static final int GRID = 4;

    /**
     * What was measured at one size.
     *
     * @param size of what is on the horizontal axis
     * @param value how much it was
     */
    public record Point(double size, Spread value) {}

    private record Line(String label, List<Point> points) {}

    private final String title;
    private final String unit;
    private final String sizes;
    private final List<Line> lines = new ArrayList<>();

    /** A picture without lines. */
    public Curves(String title, String unit, String sizes) {
        this.title = title;
        this.unit = unit;
        this.sizes = sizes;
    }

    /** Adds a line. */
    public Curves line(String label, List<Point> points) {
        lines.add(new Line(label, List.copyOf(points)));
        return this;
    }

    /** The picture, to be put into a page as it is. */
    public String svg() {
        double most = extreme(point -> point.value().high(), true);
        double first = Math.log(extreme(Point::size, false));
        double last = Math.log(extreme(Point::size, true));
        Frame frame = new Frame(first, last > first ? WIDTH / (last - first) : 0, HEIGHT / Math.max(most, 1e-9));
        StringBuilder svg =
                new StringBuilder(Svg.open(LEFT + WIDTH + LABELS, TOP + HEIGHT + BOTTOM, title + ", " + unit));
        for (int i = 0; i <= GRID; i++) {
            double y = frame.y(most * i / GRID);
            svg.append(String.format(Locale.ROOT, "<path d=\"M%d %.1fh%d\" class=\"grid\"/>", LEFT, y, WIDTH));
            svg.append(Svg.text(LEFT - 8, y + 4, "end", Spread.show(most * i / GRID)));
        }
        lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::size)
                .distinct()
                .forEach(size -> svg.append(Svg.text(
                        frame.x(size), TOP + HEIGHT + 18, "middle", String.format(Locale.ROOT, "%,.0f", size))));
        svg.append(Svg.text(LEFT + WIDTH / 2.0, TOP + HEIGHT + 38, "middle", sizes));
        for (int i = 0; i < lines.size(); i++) {
            draw(svg, lines.get(i), i, frame);
        }
        return svg.append("</svg>").toString();
    }

    private static void draw(StringBuilder svg, Line line, int number, Frame frame) {
        StringBuilder path = new StringBuilder();
        for (Point point : line.points()) {
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(String.format(
                            Locale.ROOT,
                            "%.1f %.1f",
                            frame.x(point.size()),
                            frame.y(point.value().median())));
        }
        svg.append("<path d=\"")
                .append(path)
                .append("\" class=\"line l")
                .append(number)
                .append("\"/>");
        for (Point point : line.points()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" class=\"dot l%d\"><title>%s</title></circle>",
                    frame.x(point.size()),
                    frame.y(point.value().median()),
                    number,
                    Svg.escape(line.label() + " at " + Spread.show(point.size()) + ": " + point.value())));
        }
        int y = TOP + 10 + 22 * number;
        svg.append(String.format(
                Locale.ROOT, "<circle cx=\"%d\" cy=\"%d\" r=\"5\" class=\"dot l%d\"/>", LEFT + WIDTH + 24, y, number));
        svg.append(Svg.text(LEFT + WIDTH + 36, y + 4, "start", line.label()));
    }

    private double extreme(ToDoubleFunction<Point> of, boolean largest) {
        var all = lines.stream().flatMap(line -> line.points().stream()).mapToDouble(of);
        return (largest ? all.max() : all.min()).orElse(1);
    }

    /** Where sizes and values lie. */
    private record Frame(double first, double perLog, double perValue) {
        double x(double size) {
            return LEFT + (Math.log(size) - first) * perLog;
        }

        double y(double value) {
            return TOP + HEIGHT - value * perValue;
        }
    }
}
