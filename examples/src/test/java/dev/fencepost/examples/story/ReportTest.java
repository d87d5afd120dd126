package dev.fencepost.examples.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.fencepost.examples.story.Timeline.Mark;
import dev.fencepost.examples.story.Timeline.Moment;
import dev.fencepost.examples.story.Timeline.Span;
import dev.fencepost.examples.story.Timeline.State;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private static final Heading HEADING = new Heading("name", "Title", "Lesson");
    private static final Exhibits NOTHING = new Exhibits(List.of(), List.of());
    private static final Timeline TIMELINE = new Timeline(
            List.of("A", "B"),
            List.of(
                    new Moment(0, "A", Mark.TOKEN, "token 1", "takes it"),
                    new Moment(1, "A", Mark.READ, "a label with many words", "reads"),
                    new Moment(2_000, "B", Mark.REFUSED, "refused: 1 < 2", "is <refused>")),
            List.of(new Span("A", State.HELD, 0, 1_000), new Span("B", State.DOWN, 2_000, 2_500)));

    @Test
    void oneFailedCheckMakesTheWholeReportFail() throws IOException {
        Report report = report(act(new Check("this", true)), act(new Check("this", true), new Check("that", false)));

        assertThat(report.ok()).isFalse();
        assertThat(JSON.std.mapFrom(report.json())).containsEntry("ok", false);
        assertThat(report.html()).contains(">not as it should be<", "<li class=\"no\">that</li>");
    }

    @Test
    void anActThatCheckedNothingIsNotOk() {
        assertThat(act().ok()).isFalse();
    }

    @Test
    void textIsEscapedOnThePage() throws IOException {
        assertThat(report(act(new Check("this", true))).html())
                .contains("refused: 1 &lt; 2", "is &lt;refused&gt;")
                .doesNotContain("<refused>");
    }

    @Test
    void whatAnActThrewIsOnThePage() throws IOException {
        ActReport failed = new ActReport(
                HEADING,
                List.of(new Check("the act came to its end", false)),
                Map.of(ActReport.FAILURE, "why"),
                NOTHING,
                TIMELINE);

        assertThat(report(failed).html()).contains("<pre>why</pre>");
        assertThat(report(act(new Check("this", true))).html()).doesNotContain("<pre>");
    }

    @Test
    void timeRunsToTheRightAndStaysOnThePage() {
        Drawing drawing = Drawing.of(TIMELINE);

        assertThat(drawing.glyphs()).extracting(Drawing.Glyph::x).isSorted().doesNotHaveDuplicates();
        assertThat(drawing.glyphs()).extracting(Drawing.Glyph::x).allMatch(x -> x > 0 && x < Drawing.WIDTH);
        assertThat(drawing.bars()).allMatch(bar -> bar.width() > 0 && bar.x() + bar.width() <= Drawing.WIDTH);
        assertThat(drawing.ticks()).extracting(Drawing.Tick::label).containsExactly("0", "1", "2,000");
    }

    @Test
    void labelsThatWouldOverlapStandAboveAndBelow() {
        Moment[] moments = new Moment[20];
        Arrays.setAll(moments, i -> new Moment(i, "A", Mark.NOTE, "a label of some length", ""));

        List<Drawing.Glyph> glyphs = Drawing.of(new Timeline(List.of("A"), List.of(moments), List.of()))
                .glyphs();

        assertThat(glyphs.get(0).labelY()).isLessThan(glyphs.get(0).y());
        assertThat(glyphs.get(1).labelY()).isGreaterThan(glyphs.get(1).y());
    }

    @Test
    void columnsStandOnTheLineOrHangFromItAsTallAsTheirAmounts() {
        Chart chart = new Chart(
                "cents",
                List.of(
                        new Chart.Value("a", 1_000),
                        new Chart.Value("b", 0),
                        new Chart.Value("c", -500),
                        new Chart.Value("d", 1)));

        List<Chart.Column> columns = chart.columns();

        assertThat(chart.most()).isEqualTo("±1,000");
        assertThat(columns).extracting(Chart.Column::style).containsExactly("uneven", "even", "uneven", "uneven");
        assertThat(columns).extracting(Chart.Column::height).containsExactly(60L, 2L, 30L, 3L);
        assertThat(columns.get(0).y() + columns.get(0).height()).isEqualTo(chart.zero());
        assertThat(columns.get(2).y()).isEqualTo(chart.zero());
        assertThat(columns).extracting(Chart.Column::x).isSorted().allMatch(x -> x < Drawing.WIDTH);
        assertThat(columns.get(2).title()).isEqualTo("c: -500");
    }

    @Test
    void aTableWithARaggedRowIsRefused() {
        assertThatThrownBy(() -> new Table("rows", List.of("a", "b"), List.of(List.of("1"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a row of \"rows\" must have the cells [a, b], but is [1]");
    }

    private static ActReport act(Check... checks) {
        return new ActReport(HEADING, List.of(checks), Map.of(), NOTHING, TIMELINE);
    }

    private static Report report(ActReport... acts) {
        return new Report(new Report.Page("page", "Title of the page"), Map.of("Java", "17"), List.of(acts));
    }
}
