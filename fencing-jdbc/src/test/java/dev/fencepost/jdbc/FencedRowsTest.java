package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rows that carry their own token. */
class FencedRowsTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.blank();

    private static final FencedRows ROWS = new FencedRows("public", "in\"voice", "id", "last token");

    private final FencingToken older = FencingToken.of("r", 33);
    private final FencingToken newer = FencingToken.of("r", 34);

    @BeforeAll
    static void createTable() {
        postgres.jdbi()
                .useHandle(
                        handle -> handle.execute(
                                "CREATE TABLE \"in\"\"voice\" (id int PRIMARY KEY, state text, \"last token\" bigint NOT NULL)"));
    }

    @BeforeEach
    void startWithOneRow() {
        postgres.jdbi().useHandle(handle -> {
            handle.execute("TRUNCATE \"in\"\"voice\"");
            handle.execute("INSERT INTO \"in\"\"voice\" VALUES (1, 'new', 32)");
        });
    }

    @Test
    void anUpdateIsAppliedOrRepeatedOrStaleOrFindsNoRow() {
        assertThat(update(newer, 1, "paid")).isEqualTo(new RowResult.Applied());
        assertThat(update(newer, 1, "twice")).isEqualTo(new RowResult.AlreadyApplied());
        assertThat(update(older, 1, "late")).isEqualTo(new RowResult.Stale(34));
        assertThat(update(newer, 2, "nowhere")).isEqualTo(new RowResult.NoSuchRow());
        assertThat(rows()).isEqualTo("1 paid 34");
    }

    @Test
    void anUpsertMakesTheRowOrWritesIt() {
        assertThat(upsert(older, 2, "made")).isEqualTo(new RowResult.Applied());
        assertThat(upsert(newer, 2, "written")).isEqualTo(new RowResult.Applied());
        assertThat(upsert(newer, 2, "twice")).isEqualTo(new RowResult.AlreadyApplied());
        assertThat(upsert(older, 2, "late")).isEqualTo(new RowResult.Stale(34));
        assertThat(rows()).isEqualTo("1 new 32, 2 written 34");
    }

    @Test
    void anUpdateThatHadToWaitIsJudgedByTheRowThatTheOtherLeft() throws Exception {
        assertThat(afterWaitingFor(
                        handle -> ROWS.update(handle, newer, 1, Map.of("state", "first")),
                        () -> update(older, 1, "late")))
                .isEqualTo(new RowResult.Stale(34));
        assertThat(rows()).isEqualTo("1 first 34");
    }

    @Test
    void anUpsertThatHadToWaitForAnInsertIsJudgedByTheRowThatTheOtherLeft() throws Exception {
        assertThat(afterWaitingFor(
                        handle -> ROWS.upsert(handle, newer, 2, Map.of("state", "first")),
                        () -> upsert(older, 2, "late")))
                .isEqualTo(new RowResult.Stale(34));
        assertThat(rows()).isEqualTo("1 new 32, 2 first 34");
    }

    @Test
    void namesAreQuotedAndChecked() {
        assertThatThrownBy(() -> postgres.jdbi()
                        .useHandle(handle -> ROWS.update(handle, newer, 1, Map.of("state = 'x' --", "y"))))
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> postgres.jdbi().useHandle(handle -> ROWS.update(handle, newer, 1, Map.of("", "y"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTokenIsBoundAsItsNumber() {
        Jdbi jdbi = postgres.jdbi().installPlugin(new FencepostPlugin());

        int changed = jdbi.withHandle(handle ->
                handle.execute("UPDATE \"in\"\"voice\" SET \"last token\" = ? WHERE \"last token\" < ?", newer, newer));
        assertThat(changed).isEqualTo(1);
        assertThat(rows()).isEqualTo("1 new 34");
    }

    private interface Work {
        RowResult run(Handle handle);
    }

    private static RowResult afterWaitingFor(Work first, java.util.function.Supplier<RowResult> second)
            throws Exception {
        CompletableFuture<RowResult> waiting = new CompletableFuture<>();
        postgres.jdbi().useTransaction(handle -> {
            assertThat(first.run(handle)).isEqualTo(new RowResult.Applied());
            waiting.completeAsync(second);
            String blocked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND cardinality(pg_blocking_pids(pid)) > 0";
            while (postgres.jdbi()
                            .withHandle(monitor -> monitor.createQuery(blocked)
                                    .mapTo(Integer.class)
                                    .one())
                    == 0) {
                Thread.onSpinWait();
            }
        });
        return waiting.get(20, TimeUnit.SECONDS);
    }

    private static RowResult update(FencingToken token, int id, String state) {
        return postgres.jdbi().withHandle(handle -> ROWS.update(handle, token, id, Map.of("state", state)));
    }

    private static RowResult upsert(FencingToken token, int id, String state) {
        return postgres.jdbi().withHandle(handle -> ROWS.upsert(handle, token, id, Map.of("state", state)));
    }

    private static String rows() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT string_agg(id || ' ' || state || ' ' || \"last token\", ', ' ORDER BY id) FROM \"in\"\"voice\"")
                        .mapTo(String.class)
                        .one());
    }
}
