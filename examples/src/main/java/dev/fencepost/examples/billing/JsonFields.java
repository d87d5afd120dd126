package dev.fencepost.examples.billing;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of one line of JSON, read with the type that the reader expects of each.
 *
 * @param values by name, as JSON knows them
 */
public record JsonFields(Map<String, Object> values) {
    static JsonFields parse(String line) throws IOException {
        return new JsonFields(JSON.std.mapFrom(line));
    }

    String toLine() throws IOException {
        return JSON.std.asString(values);
    }

    /** A whole number. */
    public long number(String name) {
        return require(name, Number.class).longValue();
    }

    /** A text. */
    public String text(String name) {
        return require(name, String.class);
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

    /** Texts by name. */
    public Map<String, String> textsByName(String name) {
        Map<?, ?> found = require(name, Map.class);
        Map<String, String> texts = new LinkedHashMap<>();
        found.forEach((key, text) -> texts.put(String.valueOf(key), String.valueOf(text)));
        return texts;
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
