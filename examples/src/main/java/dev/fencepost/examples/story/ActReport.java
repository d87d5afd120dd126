package dev.fencepost.examples.story;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What became of an act. The page and the JSON file are both made of this and of nothing else.
 *
 * @param heading what the act is called
 * @param checks what it expected
 * @param facts what it found
 * @param exhibits what there is to look at
 * @param timeline who did what when
 */
public record ActReport(
        Heading heading, List<Check> checks, Map<String, Object> facts, Exhibits exhibits, Timeline timeline) {
    /** The fact that says why an act did not come to its end. */
    static final String FAILURE = "failure";

    /** Makes an act happen. What it throws is a finding like any other, and the act is then not ok. */
    public static ActReport of(Heading heading, Story story, Consumer<Findings> act) {
        Findings findings = new Findings();
        try {
            act.accept(findings);
        } catch (RuntimeException e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            findings.check("the act came to its end", false);
            findings.fact(FAILURE, trace.toString());
        }
        return new ActReport(heading, findings.checks(), findings.facts(), findings.exhibits(), story.timeline());
    }

    /** Whether everything was as expected. An act that expected nothing has shown nothing. */
    public boolean ok() {
        return !checks.isEmpty() && checks.stream().allMatch(Check::held);
    }

    /** Why the act did not come to its end; empty when it did. */
    List<String> failures() {
        return Stream.ofNullable(facts.get(FAILURE)).map(String::valueOf).toList();
    }

    /** The moments that are told in words. */
    public List<Timeline.Moment> told() {
        return timeline.moments().stream()
                .filter(moment -> !moment.text().isEmpty())
                .toList();
    }

    Map<String, Object> toJson() {
        Map<String, Object> all = new LinkedHashMap<>(facts);
        Map<String, Object> held = new LinkedHashMap<>();
        checks.forEach(check -> held.put(check.what(), check.held()));
        all.put("checks", held);
        all.put("charts", exhibits.charts().stream().map(Chart::toJson).toList());
        all.put("tables", exhibits.tables().stream().map(Table::toJson).toList());
        all.put("timeline", timeline.toJson());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", heading.name());
        json.put("title", heading.title());
        json.put("ok", ok());
        json.put("facts", all);
        return json;
    }
}
