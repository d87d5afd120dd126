package dev.fencepost.bench;

import java.time.Duration;

/**
 * How long is measured.
 *
 * @param name what this form is called
 * @param rounds how often each thing is measured, in turns with the others
 * @param slice how long each time
 */
record Effort(String name, int rounds, Duration slice) {
    /** All of it in less than three minutes. */
    static final Effort SHORT = new Effort("short", 5, Duration.ofMillis(300));

    /** Long enough for figures to be quoted. */
    static final Effort FULL = new Effort("full", 9, Duration.ofSeconds(2));

    static Effort named(String name) {
        return switch (name) {
            case "short" -> SHORT;
            case "full" -> FULL;
            default ->
                throw new IllegalArgumentException("fencepost.bench must be short or full, but is '" + name + "'");
        };
    }

    boolean isFull() {
        return equals(FULL);
    }

    /** For what takes longer each time. */
    int fewRounds() {
        return isFull() ? rounds : 3;
    }

    /** What it takes to have the code compiled and the connections open. */
    Duration warmUp() {
        return slice.multipliedBy(2);
    }
}
