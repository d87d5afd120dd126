package dev.fencepost.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.fencepost.bench.measure.Series;
import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.measure.Trial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    Path directory;

    private final Report report = new Report("short", List.of("mvn -q -Pbench verify"));

    @BeforeEach
    void write() throws Exception {
        Series series =
                Series.interleaved(3, List.of(new Trial("ours & theirs", () -> 2), new Trial("<peer>", () -> 1)));
        report.version("Redis", "6.2.11");
        report.add(new Question("How fast?", "In rounds.")
                .bars("Pairs", "a second", series)
                .chart(new Curves("By nodes", "a second", "nodes")
                        .line("ours", List.of(new Curves.Point(1, Spread.of(3)), new Curves.Point(5, Spread.of(2))))
                        .svg())
                .note("etcd was not measured: etcd is not installed")
                .row(Row.of(
                        "acquire + release",
                        Part.atLeast("a", "times the peer", new Spread(2, 1.5, 2.5), 1),
                        Part.atMost("b", "times as long", Spread.of(3), 1.5))));
        report.write(directory);
    }

    @Test
    void everyRowOfTheTargetsHasItsFigureItsTargetAndWhetherItIsMet() throws Exception {
        Map<String, Object> json = JSON.std.mapFrom(Files.readString(directory.resolve("bench.json")));
        assertThat(json).containsKeys("rows", "machine", "versions", "commands", "questions");
        assertThat((List<?>) json.get("rows"))
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .hasSize(5)
                .containsEntry("row", "acquire + release")
                .containsEntry("measured", "2.00 (1.50 to 2.50) / 3.00")
                .containsEntry("target", ">= 1.00 / <= 1.50")
                .containsEntry("met", false);
    }

    @Test
    void thePageNeedsNothingElseAndShowsTextAsText() throws Exception {
        String html = Files.readString(directory.resolve("bench.html"));
        assertThat(html).doesNotContain("<peer>", "src=", "<link", "<script");
        assertThat(html).contains("ours &amp; theirs", "&lt;peer&gt;", "etcd was not measured", ">met<", ">missed<");
        assertThat(html.split("<svg ", -1)).hasSize(3);
        assertThat(html.split("</svg>", -1)).hasSize(3);
    }
}
