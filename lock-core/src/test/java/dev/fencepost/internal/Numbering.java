package dev.fencepost.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives equal values one small number, so that a state of many values fits into few bits. */
final class Numbering<T> {
    private final int bits;
    private final Map<T, Integer> numbers = new HashMap<>();
    private final List<T> values = new ArrayList<>();

    /**
     * A numbering for as many values as fit side by side into a long.
     *
     * @param sideBySide how many values a long is to hold
     */
    Numbering(int sideBySide) {
        this.bits = Math.min(30, (Long.SIZE - 1) / sideBySide);
    }

    /** The long with the value at this place, and the other places as they were. */
    long put(long packed, int place, T value) {
        int shift = place * bits;
        return (packed & ~(((1L << bits) - 1) << shift)) | ((long) number(value) << shift);
    }

    /** The value at this place. */
    T get(long packed, int place) {
        return values.get((int) ((packed >>> (place * bits)) & ((1L << bits) - 1)));
    }

    private int number(T value) {
        Integer known = numbers.get(value);
        if (known != null) {
            return known;
        }
        int next = values.size();
        if (next == 1 << bits) {
            throw new IllegalStateException("more than " + next + " different values, such as " + value);
        }
        numbers.put(value, next);
        values.add(value);
        return next;
    }
}
