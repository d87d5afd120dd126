package dev.fencepost.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The report as one page that needs nothing else. */
final class Page {
    private final Report report;
    private final StringBuilder html = new StringBuilder();

    Page(Report report) {
        this.report = report;
    }

    String html() {
        html.append(
                "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Fencepost: benchmark</title>");
        html.append("<style>").append(style()).append("</style></head><body><main>\n<h1>Fencepost: what it costs</h1>");
        paragraph(
                "Figures are ratios of things that were measured side by side in one run on one machine, each the median of several rounds,"
                        + " with the smallest and the largest in brackets. Absolute figures mean nothing elsewhere. This was the "
                        + report.form() + " form.");
        targets();
        report.questions().forEach(this::question);
        html.append("<section><h2>Where and how</h2>");
        Machine.describe().forEach((what, value) -> paragraph(what + ": " + value));
        for (Map.Entry<String, String> version : report.versions().entrySet()) {
            paragraph(version.getKey() + " " + version.getValue());
        }
        report.commands()
                .forEach(command ->
                        html.append("<pre>").append(Svg.escape(command)).append("</pre>"));
        return html.append("</section></main></body></html>\n").toString();
    }

    private void targets() {
        html.append(
                "<section><h2>Targets</h2><table><tr><th>what</th><th>figure</th><th>measured</th><th>target</th><th></th></tr>");
        for (Row row : report.rows()) {
            String name = row.name();
            for (Part part : row.parts()) {
                html.append("<tr>");
                cell(name);
                name = "";
                cell(part.what());
                cell(part.measured().toString());
                cell(part.goal().toString());
                html.append(part.isMet() ? "<td class=\"met\">met</td>" : "<td class=\"missed\">missed</td>");
                html.append("</tr>\n");
            }
        }
        html.append("</table></section>");
    }

    private void question(Question question) {
        html.append("<section><h2>").append(Svg.escape(question.title())).append("</h2>");
        paragraph(question.how());
        question.charts().forEach(html::append);
        question.notes().forEach(this::paragraph);
        html.append("<details><summary>Figures</summary><table>");
        for (Question.Figure figure : question.figures()) {
            html.append("<tr>");
            cell(figure.what());
            cell(figure.value().toString());
            cell(figure.unit());
            html.append("</tr>\n");
        }
        html.append("</table></details></section>\n");
    }

    private void cell(String text) {
        html.append("<td>").append(Svg.escape(text)).append("</td>");
    }

    private void paragraph(String text) {
        html.append("<p>").append(Svg.escape(text)).append("</p>\n");
    }

    private static String style() {
        String file = "page.css";
        try (InputStream in = Page.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }
}
