package dev.fencepost.examples.story;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an act found: its checks, its facts, and rows to look at. For use by one thread. */
public final class Findings {
    private final List<Check> checks = new ArrayList<>();
    private final List<Table> tables = new ArrayList<>();
    private final List<Chart> charts = new ArrayList<>();
    private final Map<String, Object> facts = new LinkedHashMap<>();

    /** Something that the act expects to see, and whether it did. */
    public void check(String what, boolean held) {
        checks.add(new Check(what, held));
    }

    /** Something worth knowing, as JSON knows values. */
    public void fact(String name, Object value) {
        facts.put(name, value);
    }

    /** Amounts to look at. */
    public void chart(Chart chart) {
        charts.add(chart);
    }

    /** Rows to look at. */
    public void table(Table table) {
        tables.add(table);
    }

    List<Check> checks() {
        return List.copyOf(checks);
    }

    Exhibits exhibits() {
        return new Exhibits(charts, tables);
    }

    public Map<String, Object> facts() {
        return new LinkedHashMap<>(facts);
    }
}
