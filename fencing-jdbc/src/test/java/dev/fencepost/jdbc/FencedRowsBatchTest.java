package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several rows that carry their own token at once. */
class FencedRowsBatchTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private static final FencedRows ROWS = new FencedRows("public", "invoice", "id", "last_token").remembering();

    private final FencingToken older = FencingToken.of("r", 33);
    private final FencingToken newer = FencingToken.of("r", 34);

    @BeforeAll
    static void createTable() {
        postgres.jdbi()
                .useHandle(handle -> handle.execute(
                        "CREATE TABLE invoice (id int PRIMARY KEY, state text, last_token bigint NOT NULL)"));
    }

    @BeforeEach
    void startWithOneRow() {
        postgres.jdbi().useHandle(handle -> {
            handle.execute("TRUNCATE invoice, fencepost.fence");
            handle.execute("INSERT INTO invoice VALUES (1, 'new', 32)");
        });
    }

    @Test
    void aBatchTellsOfEachRowAndIsAppliedAsAWhole() {
        List<FencedRows.Write> writes = new ArrayList<>();
        for (int id = 250; id > 1; id--) {
            writes.add(new FencedRows.Write(FencedRows.Kind.INSERT, older, id, Map.of("state", "made")));
        }
        writes.add(new FencedRows.Write(FencedRows.Kind.UPDATE, FencingToken.of("r", 5), 1, Map.of("state", "late")));
        List<RowResult> results = postgres.jdbi().withHandle(handle -> ROWS.all(handle, writes));
        assertThat(results).hasSize(250).endsWith(new RowResult.Stale(32));
        assertThat(results.subList(0, 249)).containsOnly(new RowResult.Applied());

        List<FencedRows.Write> mixed = List.of(
                new FencedRows.Write(FencedRows.Kind.DELETE, newer, 7, Map.of()),
                new FencedRows.Write(FencedRows.Kind.UPSERT, older, 6, Map.of("state", "twice")),
                new FencedRows.Write(FencedRows.Kind.UPDATE, newer, 999, Map.of("state", "nowhere")),
                new FencedRows.Write(FencedRows.Kind.INSERT, newer, 5, Map.of()));
        assertThat(postgres.jdbi().<List<RowResult>, RuntimeException>withHandle(handle -> ROWS.all(handle, mixed)))
                .containsExactly(
                        new RowResult.Applied(),
                        new RowResult.AlreadyApplied(),
                        new RowResult.NoSuchRow(),
                        new RowResult.RowExists(33));
        assertThat(count("SELECT count(*) FROM invoice")).isEqualTo(249);
    }

    @Test
    void aBatchThatFailsChangesNothing() {
        List<FencedRows.Write> writes = List.of(
                new FencedRows.Write(FencedRows.Kind.UPDATE, newer, 1, Map.of("state", "first")),
                new FencedRows.Write(FencedRows.Kind.INSERT, newer, 2, Map.of("no such column", 1)));
        assertThatThrownBy(() -> postgres.jdbi().useHandle(handle -> ROWS.all(handle, writes)))
                .hasMessageContaining("no such column");
        assertThat(count("SELECT count(*) FROM invoice WHERE state = 'new' AND last_token = 32"))
                .isEqualTo(1);
        FencedRows.Write write = writes.get(0);
        assertThatThrownBy(() -> postgres.jdbi().useHandle(handle -> ROWS.all(handle, List.of(write, write))))
                .hasMessageContaining("two are of 1");
    }

    private static int count(String sql) {
        return postgres.jdbi()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }
}
