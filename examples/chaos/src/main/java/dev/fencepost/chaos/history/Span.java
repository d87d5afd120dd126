package dev.fencepost.chaos.history;

/**
 * A stretch of time on the monotonic clock that all processes of a machine share, in nanoseconds.
 *
 * @param from when it began
 * @param to when it ended, not before
 */
public record Span(long from, long to) {
    /** Checks the order. */
    public Span {
        if (to < from) {
            throw new IllegalArgumentException(
                    "a span must not end before it begins, but goes from " + from + " to " + to);
        }
    }

    /** Whether the two have a moment in common. */
    public boolean touches(Span other) {
        return from <= other.to && other.from <= to;
    }

    /** The same with so much more before and after. */
    public Span widened(long before, long after) {
        return new Span(from - before, to + after);
    }
}
