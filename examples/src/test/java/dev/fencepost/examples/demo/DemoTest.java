package dev.fencepost.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.fencepost.examples.billing.Protection;
import dev.fencepost.examples.story.ActReport;
import dev.fencepost.examples.story.Check;
import dev.fencepost.examples.story.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The acts of the demo are tests, too: on the same real processes, and with the same checks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DemoTest {
    private final Demo demo = new Demo(System.out);
    private Stage stage;

    @BeforeAll
    void openStage() {
        stage = Stage.open();
    }

    @AfterAll
    void closeStage() {
        stage.close();
    }

    @Test
    void everyActGoesAsItShouldAndIsReported(@TempDir Path directory) throws IOException {
        List<ActReport> reports = new ArrayList<>();
        for (Act act : Demo.acts()) {
            reports.add(demo.play(act, stage));
        }

        assertThat(reports).allSatisfy(report -> {
            assertThat(report.checks()).allMatch(Check::held);
            assertThat(report.ok()).isTrue();
        });
        Report report = new Report(Demo.PAGE, stage.environment(), reports);
        report.write(directory);
        assertThat(report.ok()).isTrue();
        assertThat(acts(directory))
                .hasSize(reports.size())
                .allSatisfy(act -> assertThat(act.get("ok")).isEqualTo(true));
        long successor = successorsToken(reports.get(1));
        assertThat(Files.readString(directory.resolve(Demo.PAGE.html())))
                .contains("a customer is charged twice", "charged again")
                .contains("refused: 1 &lt; " + successor, "last_token " + successor)
                .doesNotContain("http://", "https://", "<script");
    }

    @Test
    void theSecondActIsNotOkWithoutTheGuard() {
        ActReport report = demo.play(new GuardedAct(Protection.LOCK_ONLY, "without"), stage);

        assertThat(report.ok()).isFalse();
        assertThat(report.checks())
                .filteredOn(check -> !check.held())
                .extracting(Check::what)
                .containsExactly("A's late write was refused", "every invoice was charged exactly once");
    }

    /** B's token in the act with the guard: 2, or more where B tried just before A's lease was over on every node, which uses a number up. */
    private static long successorsToken(ActReport guarded) {
        Map<?, ?> tokens = (Map<?, ?>) Objects.requireNonNull(guarded.facts().get("tokens"));
        long token = (Long) Objects.requireNonNull(tokens.get("B"));
        assertThat(token).isGreaterThan(1);
        return token;
    }

    private static List<Map<?, ?>> acts(Path directory) throws IOException {
        Map<String, Object> json = JSON.std.mapFrom(Files.readString(directory.resolve(Demo.PAGE.json())));
        List<?> acts = (List<?>) Objects.requireNonNull(json.get("acts"));
        List<Map<?, ?>> maps = new ArrayList<>();
        acts.forEach(act -> maps.add((Map<?, ?>) act));
        return maps;
    }
}
