package dev.fencepost.chaos.history;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of one line of JSON, read with the type that the reader expects of each.
 *
 * @param values by name
 */
public record Fields(Map<String, Object> values) {
    /** Takes names and values in turn. */
    public static Fields of(Object... namesAndValues) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return new Fields(values);
    }

    /** Reads a line. */
    public static Fields parse(String line) {
        try {
            return new Fields(JSON.std.mapFrom(line));
        } catch (IOException e) {
            throw new UncheckedIOException("not a line of JSON: " + line, e);
        }
    }

    /** Writes a line, without its end. */
    public String toLine() {
        try {
            return JSON.std.asString(values);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be written as JSON: " + values, e);
        }
    }

    /** A text. */
    public String text(String name) {
        return require(name, String.class);
    }

    /** A whole number. */
    public long number(String name) {
        return require(name, Number.class).longValue();
    }

    /** Yes or no. */
    public boolean flag(String name) {
        return require(name, Boolean.class);
    }

    /** Whole numbers. */
    public List<Long> numbers(String name) {
        List<?> numbers = require(name, List.class);
        return numbers.stream().map(number -> ((Number) number).longValue()).toList();
    }

    /** Texts. */
    public List<String> texts(String name) {
        List<?> texts = require(name, List.class);
        return texts.stream().map(String::valueOf).toList();
    }

    private <T> T require(String name, Class<T> type) {
        Object value = values.get(name);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("\"" + name + "\" must be a " + type.getSimpleName() + ", but is "
                    + value + " in " + values.keySet());
        }
        return type.cast(value);
    }
}
