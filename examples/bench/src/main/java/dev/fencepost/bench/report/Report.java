package dev.fencepost.bench.report;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.fencepost.bench.measure.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that a run has found out, and the two files that say so. For use by one thread. */
public final class Report {
    private final String form;
    private final List<String> commands;
    private final Map<String, String> versions = new LinkedHashMap<>();
    private final List<Question> questions = new ArrayList<>();
    private Duration took = Duration.ZERO;

    /**
     * An empty report.
     *
     * @param form how long it was measured for
     * @param commands how to make the same report again
     */
    public Report(String form, List<String> commands) {
        this.form = form;
        this.commands = List.copyOf(commands);
    }

    /** Says which version of something took part. */
    public void version(String what, String version) {
        versions.put(what, version);
    }

    /** Adds a question with its answer. */
    public void add(Question question) {
        questions.add(question);
    }

    /** Says how long all of it took. */
    public void took(Duration duration) {
        took = duration;
    }

    /** All rows of the targets table, in the order of the questions. */
    public List<Row> rows() {
        return questions.stream().flatMap(question -> question.rows().stream()).toList();
    }

    /** Writes {@code bench.html} and {@code bench.json}. */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve("bench.json"),
                JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(json()) + "\n");
        Files.writeString(directory.resolve("bench.html"), new Page(this).html());
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("form", form);
        json.put("seconds", took.toSeconds());
        json.put("commands", commands);
        json.put("machine", Machine.describe());
        json.put("versions", versions);
        json.put("rows", rows().stream().map(Report::row).toList());
        json.put("questions", questions.stream().map(Report::question).toList());
        return json;
    }

    String form() {
        return form;
    }

    List<String> commands() {
        return commands;
    }

    Map<String, String> versions() {
        return Map.copyOf(versions);
    }

    List<Question> questions() {
        return List.copyOf(questions);
    }

    private static Map<String, Object> row(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("row", row.name());
        json.put("measured", row.measured());
        json.put("target", row.target());
        json.put("met", row.isMet());
        json.put("parts", row.parts().stream().map(Report::part).toList());
        return json;
    }

    private static Map<String, Object> part(Part part) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", part.id());
        json.put("what", part.what());
        json.putAll(spread(part.measured()));
        json.put("target", part.goal().value());
        json.put("atLeast", part.goal().atLeast());
        json.put("met", part.isMet());
        return json;
    }

    private static Map<String, Object> question(Question question) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("question", question.title());
        json.put("how", question.how());
        json.put("notes", question.notes());
        List<Map<String, Object>> figures = new ArrayList<>();
        for (Question.Figure figure : question.figures()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("what", figure.what());
            one.putAll(spread(figure.value()));
            one.put("unit", figure.unit());
            figures.add(one);
        }
        json.put("figures", figures);
        return json;
    }

    private static Map<String, Object> spread(Spread spread) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("measured", rounded(spread.median()));
        json.put("low", rounded(spread.low()));
        json.put("high", rounded(spread.high()));
        return json;
    }

    private static double rounded(double value) {
        return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 1e4) / 1e4;
    }
}
