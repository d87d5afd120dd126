package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the meters show of real writes. */
class FenceMetricsTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FenceGuard guard = FenceGuard.of(postgres.dataSource())
            .telling(FenceMetrics.in(registry, resource -> resource.substring(0, resource.indexOf('/'))));
    private final FencingToken token = new FencingToken("invoice/secret-42", 34, "its-owner");

    @BeforeAll
    static void createTable() {
        postgres.jdbi().useHandle(handle -> handle.execute("CREATE TABLE reported (r text)"));
        FencedTables.protect(
                postgres.dataSource(),
                Protection.byColumn("public", "reported", "r").reporting());
    }

    @BeforeEach
    void startEmpty() {
        postgres.jdbi().useHandle(handle -> handle.execute("TRUNCATE fencepost.fence"));
    }

    @Test
    void whatBecomesOfWritesIsCountedByGroup() throws SQLException {
        everyEvent();
        guard.write(FencingToken.of("order/1", 1), handle -> {});

        assertThat(count("admitted", "invoice")).isEqualTo(3);
        assertThat(count("admitted", "order")).isEqualTo(1);
        assertThat(count("already.applied", "invoice")).isEqualTo(1);
        assertThat(count("retried", "invoice")).isEqualTo(1);
        var stale =
                registry.get("fencepost.guard.stale").tag("group", "invoice").summary();
        assertThat(stale.count()).isEqualTo(2);
        assertThat(stale.totalAmount()).isEqualTo(1 + 30);
        assertThat(stale.max()).isEqualTo(30);
    }

    @Test
    void whatATableReportsIsShown() {
        FenceMetrics.in(registry).showing(postgres.dataSource());
        double before = unclaimed();
        postgres.jdbi().useHandle(handle -> handle.execute("INSERT INTO reported VALUES ('a'), ('b')"));

        assertThat(unclaimed()).isEqualTo(before + 2);
    }

    @Test
    void everyMeterIsDocumentedWithItsTagsAndNamesNoResourceAndNoOwner() throws IOException, SQLException {
        everyEvent();
        FenceMetrics.in(registry).showing(postgres.dataSource());
        List<String> page = Files.readAllLines(Path.of("../docs/guard.md"));

        assertThat(registry.getMeters()).hasSize(5);
        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            assertThat(page).anySatisfy(line -> {
                assertThat(line).startsWith("| `" + id.getName() + "` |");
                assertThat(id.getTags()).allSatisfy(tag -> assertThat(line).contains("`" + tag.getKey() + "`"));
            });
            assertThat(id.getTags())
                    .extracting(Tag::getValue)
                    .noneMatch(value -> value.contains("secret-42") || value.contains("its-owner"));
        }
    }

    private void everyEvent() throws SQLException {
        guard.writeOnce(token, handle -> {});
        guard.writeOnce(token, handle -> {});
        for (long late : new long[] {33, 4}) {
            assertThatThrownBy(() -> guard.write(FencingToken.of(token.resource(), late), handle -> {}))
                    .isInstanceOf(StaleTokenException.class);
        }
        AtomicInteger attempts = new AtomicInteger();
        guard.retrying(2).write(token, handle -> {
            if (attempts.incrementAndGet() == 1) {
                throw new SQLException("lost", "40001");
            }
        });
    }

    private double count(String name, String group) {
        return registry.get("fencepost.guard." + name)
                .tag("group", group)
                .counter()
                .count();
    }

    private double unclaimed() {
        return registry.get("fencepost.guard.unclaimed")
                .tag("table", "public.reported")
                .gauge()
                .value();
    }
}
