package dev.fencepost.examples.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.examples.story.ActReport;
import dev.fencepost.examples.story.Check;
import dev.fencepost.examples.story.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of the ledger's run: the same processes, the same trouble and the same audit, with few transfers. */
final class BankTest {
    private static final Scale SHORT = new Scale(400, 2, 3, 60, Duration.ofSeconds(1));

    @Test
    void booksBalanceWithTheGuardAndDoNotWithoutIt(@TempDir Path directory) throws IOException {
        Report report = Bank.run(SHORT, System.out);

        assertThat(report.acts())
                .hasSize(2)
                .allSatisfy(act -> assertThat(act.checks()).isNotEmpty().allMatch(Check::held));
        ActReport without = report.acts().get(0);
        ActReport with = report.acts().get(1);
        assertThat((Integer) without.facts().get("outOfBalance")).isPositive();
        assertThat(with.facts())
                .containsEntry("outOfBalance", 0)
                .containsEntry("decided", SHORT.transfers() + 2)
                .containsEntry("doubled", 0L);
        report.write(directory);
        assertThat(Files.readString(directory.resolve("ledger.json"))).contains("\"ok\" : true");
        assertThat(Files.readString(directory.resolve("ledger.html")))
                .contains(
                        "the books do not balance",
                        "the books balance to the cent",
                        "is stale: the store has admitted",
                        "class=\"uneven\"",
                        "class=\"even\"")
                .doesNotContain("http://", "https://", "<script");
    }
}
