package dev.fencepost.bench.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One row of the targets table.
 *
 * @param name what was measured, in the words of the table
 * @param parts its figures, one at least
 */
public record Row(String name, List<Part> parts) {
    /** Copies the parts. */
    public Row {
        parts = List.copyOf(parts);
    }

    /** A row of these figures. */
    public static Row of(String name, Part... parts) {
        return new Row(name, List.of(parts));
    }

    /** The medians, in the order of the parts. */
    String measured() {
        return parts.stream().map(part -> part.measured().toString()).collect(Collectors.joining(" / "));
    }

    /** What the medians have to be, in the same order. */
    String target() {
        return parts.stream().map(part -> part.goal().toString()).collect(Collectors.joining(" / "));
    }

    /** Whether all of them are good enough. */
    boolean isMet() {
        return parts.stream().allMatch(Part::isMet);
    }
}
