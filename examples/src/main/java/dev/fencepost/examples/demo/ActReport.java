package dev.fencepost.examples.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What became of an act. The page and the JSON file are both made of this and of nothing else.
 *
 * @param heading what the act is called
 * @param checks what it expected
 * @param facts what it found
 * @param tables rows to look at
 * @param timeline who did what when
 */
record ActReport(
        Act.Heading heading, List<Check> checks, Map<String, Object> facts, List<Table> tables, Timeline timeline) {
    /** Whether everything was as expected. An act that expected nothing has shown nothing. */
    boolean ok() {
        return !checks.isEmpty() && checks.stream().allMatch(Check::held);
    }

    /** Why the act did not come to its end; empty when it did. */
    List<String> failures() {
        return Stream.ofNullable(facts.get(Demo.FAILURE)).map(String::valueOf).toList();
    }

    /** The moments that are told in words. */
    List<Timeline.Moment> told() {
        return timeline.moments().stream()
                .filter(moment -> !moment.text().isEmpty())
                .toList();
    }

    Map<String, Object> toJson() {
        Map<String, Object> all = new LinkedHashMap<>(facts);
        Map<String, Object> held = new LinkedHashMap<>();
        checks.forEach(check -> held.put(check.what(), check.held()));
        all.put("checks", held);
        all.put("tables", tables.stream().map(Table::toJson).toList());
        all.put("timeline", timeline.toJson());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", heading.name());
        json.put("title", heading.title());
        json.put("ok", ok());
        json.put("facts", all);
        return json;
    }
}
