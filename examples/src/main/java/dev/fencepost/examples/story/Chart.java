package dev.fencepost.examples.story;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Amounts beside each other, above and below a line that is zero.
 *
 * @param title what they are, with the unit
 * @param values from left to right
 */
public record Chart(String title, List<Value> values) {
    private static final int LEFT = 90;
    private static final int RIGHT = 10;
    private static final int HALF = 60;
    private static final int LEAST = 3;

    /**
     * One amount.
     *
     * @param name whose it is
     * @param amount how much
     */
    public record Value(String name, long amount) {}

    /** A column on the page; {@code style} is the name of a CSS class. */
    record Column(String style, double x, long y, double width, long height, String title) {}

    /** Copies the list. */
    public Chart {
        values = List.copyOf(values);
    }

    /** How tall the drawing is, which is as wide as a timeline. */
    int height() {
        return 2 * HALF + 10;
    }

    /** Where the line is. */
    int zero() {
        return HALF + 5;
    }

    /** Where the line begins. */
    int left() {
        return LEFT;
    }

    /** The largest amount, without its sign, as it is written beside the line. */
    String most() {
        return String.format(Locale.ROOT, "±%,d", largest());
    }

    /** A column for each amount, the largest as tall as there is room for. An amount that is not zero is always seen. */
    List<Column> columns() {
        double step = (double) (Drawing.WIDTH - LEFT - RIGHT) / Math.max(1, values.size());
        List<Column> columns = new ArrayList<>();
        for (Value value : values) {
            long tall = value.amount() == 0
                    ? 0
                    : Math.max(LEAST, Math.round((double) HALF * Math.abs(value.amount()) / largest()));
            boolean nothing = tall == 0;
            long top = nothing ? zero() - 1 : value.amount() > 0 ? zero() - tall : zero();
            columns.add(new Column(
                    nothing ? "even" : "uneven",
                    Math.round(10 * (LEFT + step * columns.size())) / 10.0,
                    top,
                    Math.round(10 * Math.max(1, step * 0.8)) / 10.0,
                    nothing ? 2 : tall,
                    String.format(Locale.ROOT, "%s: %,d", value.name(), value.amount())));
        }
        return columns;
    }

    Map<String, Object> toJson() {
        Map<String, Object> amounts = new LinkedHashMap<>();
        values.forEach(value -> amounts.put(value.name(), value.amount()));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("title", title);
        json.put("values", amounts);
        return json;
    }

    private long largest() {
        return values.stream()
                .mapToLong(value -> Math.abs(value.amount()))
                .max()
                .orElse(0);
    }
}
