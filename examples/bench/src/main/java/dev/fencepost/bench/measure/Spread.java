package dev.fencepost.bench.measure;

import java.util.List;
import java.util.Locale;

/**
 * The middle of some measurements and how far they lie apart.
 *
 * @param median the middle one; of an even number, the mean of the two in the middle
 * @param low the smallest
 * @param high the largest
 */
public record Spread(double median, double low, double high) {
    /** What one measurement shows: nothing of the spread. */
    public static Spread of(double only) {
        return new Spread(only, only, only);
    }

    /**
     * Of all measurements.
     *
     * @throws IllegalArgumentException if there are none, or one is not a number
     */
    public static Spread of(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0 || Double.isNaN(sorted[sorted.length - 1])) {
            throw new IllegalArgumentException("values must be one number at least, and only numbers: " + values);
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** The same in another unit. */
    public Spread times(double factor) {
        return new Spread(median * factor, low * factor, high * factor);
    }

    /** As people read it: three significant digits. */
    public static String show(double value) {
        double size = Math.abs(value);
        if (size >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size == 0 ? 2 : 4;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** The median, and the spread where there is one. */
    @Override
    public String toString() {
        return low == high ? show(median) : show(median) + " (" + show(low) + " to " + show(high) + ")";
    }
}
