package dev.fencepost.bench.report;

import dev.fencepost.bench.measure.Series;
import dev.fencepost.bench.measure.Spread;
import java.util.ArrayList;
import java.util.List;

/**
 * A question that the benchmark answers: in figures, a picture, and rows of the targets table where it has any. For use by one thread.
 */
public final class Question {
    /**
     * One figure.
     *
     * @param what what was measured
     * @param value how much it is
     * @param unit of what
     */
    public record Figure(String what, Spread value, String unit) {}

    private final String title;
    private final String how;
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> charts = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    /** A question and how the answer is found. */
    public Question(String title, String how) {
        this.title = title;
        this.how = how;
    }

    /** Adds a figure. */
    public Question figure(String what, Spread value, String unit) {
        figures.add(new Figure(what, value, unit));
        return this;
    }

    /** Adds what a series has measured, as figures and as a picture with bars. */
    public Question bars(String chartTitle, String unit, Series series) {
        Bars bars = new Bars(chartTitle, unit);
        for (String name : series.names()) {
            figure(chartTitle + ": " + name, series.spread(name), unit);
            bars.bar(name, series.spread(name));
        }
        return chart(bars.svg());
    }

    /** Adds a picture, as SVG. */
    public Question chart(String svg) {
        charts.add(svg);
        return this;
    }

    /** Adds a remark: what was not measured, and why. */
    public Question note(String note) {
        notes.add(note);
        return this;
    }

    /** Adds a row of the targets table. */
    public Question row(Row row) {
        rows.add(row);
        return this;
    }

    /** What is asked. */
    public String title() {
        return title;
    }

    String how() {
        return how;
    }

    List<Figure> figures() {
        return List.copyOf(figures);
    }

    List<String> charts() {
        return List.copyOf(charts);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    /** Its rows of the targets table. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }
}
