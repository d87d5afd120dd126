package dev.fencepost.chaos;

import dev.fencepost.chaos.history.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One gauge over time, as it is drawn: small, from zero to its largest value.
 *
 * @param title what was measured
 * @param points of a line
 * @param first the first value, in words
 * @param last the last value, in words
 * @param most the largest value, in words
 */
record Curve(String title, String points, String first, String last, String most) {
    /** How wide a drawing is. */
    static final int WIDTH = 340;

    /** How high a drawing is. */
    static final int HEIGHT = 70;

    private static final double FULL = 0.92;

    static List<Curve> of(Outcome outcome) {
        List<Curve> curves = new ArrayList<>();
        outcome.readings()
                .forEach((gauge, readings) -> curves.add(of(
                        gauge.title() + " (may grow by " + gauge.allowance() + ": " + gauge.reason() + ")", readings)));
        return curves;
    }

    static Curve of(String title, List<Reading> readings) {
        long begin = readings.get(0).at();
        long end = Math.max(begin + 1, readings.get(readings.size() - 1).at());
        long most = 1;
        for (Reading reading : readings) {
            most = Math.max(most, reading.value());
        }
        StringBuilder points = new StringBuilder();
        for (Reading reading : readings) {
            double x = (double) WIDTH * (reading.at() - begin) / (end - begin);
            double y = HEIGHT - HEIGHT * FULL * reading.value() / most;
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        }
        return new Curve(
                title,
                points.toString(),
                Long.toString(readings.get(0).value()),
                Long.toString(readings.get(readings.size() - 1).value()),
                Long.toString(most));
    }
}
