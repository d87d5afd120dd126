package dev.fencepost.examples.story;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows to look at.
 *
 * @param title what they are
 * @param columns the names of the columns
 * @param rows as many cells in each as there are columns
 */
public record Table(String title, List<String> columns, List<List<String>> rows) {
    /** Checks the rows. */
    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "a row of \"" + title + "\" must have the cells " + columns + ", but is " + row);
            }
        }
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("title", title);
        json.put("columns", columns);
        json.put("rows", rows);
        return json;
    }
}
