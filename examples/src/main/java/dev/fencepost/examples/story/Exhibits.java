package dev.fencepost.examples.story;

import java.util.List;

/**
 * What there is to look at besides the timeline.
 *
 * @param charts amounts beside each other
 * @param tables rows
 */
public record Exhibits(List<Chart> charts, List<Table> tables) {
    /** Copies the lists. */
    public Exhibits {
        charts = List.copyOf(charts);
        tables = List.copyOf(tables);
    }
}
