package dev.fencepost.bench.report;

import dev.fencepost.bench.measure.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A picture with a bar for each thing that was measured, on a scale from zero, and its spread as a line. For use by one thread. */
public final class Bars {
    private static final int LABELS = 300;
    private static final int LENGTH = 380;
    private static final int VALUES = 180;
    private static final int LINE = 26;
    private static final int TOP = 34;

    private record Bar(String label, Spread value) {}

    private final String title;
    private final String unit;
    private final List<Bar> bars = new ArrayList<>();

    /** A picture without bars. */
    public Bars(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /** Adds a bar below the others. */
    public Bars bar(String label, Spread value) {
        bars.add(new Bar(label, value));
        return this;
    }

    /** The picture, to be put into a page as it is. */
    public String svg() {
        double most = bars.stream().mapToDouble(bar -> bar.value().high()).max().orElse(1);
        StringBuilder svg = new StringBuilder(
                Svg.open(LABELS + LENGTH + VALUES, TOP + bars.size() * LINE + 6, title + ", " + unit));
        for (int i = 0; i < bars.size(); i++) {
            svg.append(draw(bars.get(i), TOP + i * LINE, most > 0 ? LENGTH / most : 0));
        }
        return svg.append("</svg>").toString();
    }

    private static String draw(Bar bar, int top, double scale) {
        Spread value = bar.value();
        double end = LABELS + value.median() * scale;
        double high = LABELS + value.high() * scale;
        int middle = top + 9;
        return Svg.text(LABELS - 8, middle + 4, "end", bar.label())
                + String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"18\" rx=\"2\" class=\"bar\"><title>%s</title></rect>",
                        LABELS,
                        top,
                        Math.max(1, end - LABELS),
                        Svg.escape(bar.label() + ": " + value))
                + String.format(
                        Locale.ROOT,
                        "<path d=\"M%.1f %dH%.1f\" class=\"spread\"/>",
                        LABELS + value.low() * scale,
                        middle,
                        high)
                + Svg.text(Math.max(end, high) + 8, middle + 4, "start", Spread.show(value.median()));
    }
}
