package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that carry their own token. */
class FencedRowsTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private static final FencedRows ROWS = new FencedRows("public", "in\"voice", "id", "last token").remembering();

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
            handle.execute("TRUNCATE \"in\"\"voice\", fencepost.fence");
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
    void anInsertMakesTheRowOrTellsWhichThereIs() {
        assertThat(insert(older, 2, "made")).isEqualTo(new RowResult.Applied());
        assertThat(insert(older, 2, "twice")).isEqualTo(new RowResult.AlreadyApplied());
        assertThat(insert(newer, 2, "again")).isEqualTo(new RowResult.RowExists(33));
        assertThat(insert(FencingToken.of("r", 32), 2, "late")).isEqualTo(new RowResult.Stale(33));
        assertThat(insert(FencingToken.of("r", 31), 1, "late")).isEqualTo(new RowResult.Stale(32));
        assertThat(rows()).isEqualTo("1 new 32, 2 made 33");
    }

    @Test
    void aDeletedRowIsNotMadeAgainUnderAnOlderToken() {
        assertThat(delete(FencingToken.of("r", 31), 1)).isEqualTo(new RowResult.Stale(32));
        assertThat(delete(newer, 1)).isEqualTo(new RowResult.Applied());
        assertThat(delete(newer, 1)).isEqualTo(new RowResult.AlreadyApplied());
        assertThat(rows()).isNull();

        assertThat(update(older, 1, "late")).isEqualTo(new RowResult.NoSuchRow());
        assertThat(insert(older, 1, "from the grave")).isEqualTo(new RowResult.Stale(34));
        assertThat(upsert(older, 1, "from the grave")).isEqualTo(new RowResult.Stale(34));
        assertThat(delete(older, 1)).isEqualTo(new RowResult.Stale(34));
        assertThat(rows()).isNull();
        assertThat(insert(FencingToken.of("r", 35), 1, "made anew")).isEqualTo(new RowResult.Applied());
        assertThat(rows()).isEqualTo("1 made anew 35");
    }

    @Test
    void rowsThatAreNotRememberedClaimNothingAndAreNotDeleted() {
        FencedRows plain = new FencedRows("public", "in\"voice", "id", "last token");
        postgres.jdbi().useHandle(handle -> {
            assertThat(plain.insert(handle, older, 2, Map.of("state", "made"))).isEqualTo(new RowResult.Applied());
            assertThat(plain.insert(handle, newer, 2, Map.of("state", "x"))).isEqualTo(new RowResult.RowExists(33));
            assertThat(plain.upsert(handle, newer, 2, Map.of("state", "put"))).isEqualTo(new RowResult.Applied());
            assertThat(plain.upsert(handle, older, 2, Map.of("state", "late"))).isEqualTo(new RowResult.Stale(34));
            assertThatThrownBy(() -> plain.delete(handle, newer, 2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("remembering");
            assertThat(handle.createQuery("SELECT count(*) FROM fencepost.fence")
                            .mapTo(Integer.class)
                            .one())
                    .isZero();
        });
        assertThat(rows()).isEqualTo("1 new 32, 2 put 34");
    }

    @Test
    void aDeleteOfARowThatNeverWasIsRemembered() {
        assertThat(delete(newer, 2)).isEqualTo(new RowResult.NoSuchRow());
        assertThat(insert(older, 2, "late")).isEqualTo(new RowResult.Stale(34));
        assertThat(rows()).isEqualTo("1 new 32");
    }

    @Test
    void aDeleteThatHadToWaitForAnInsertIsJudgedByTheRowThatTheOtherLeft() throws Exception {
        assertThat(afterWaitingFor(
                        handle -> ROWS.insert(handle, newer, 2, Map.of("state", "first")), () -> delete(older, 2)))
                .isEqualTo(new RowResult.Stale(34));
        assertThat(afterWaitingFor(
                        handle -> ROWS.insert(handle, older, 3, Map.of("state", "first")), () -> delete(newer, 3)))
                .isEqualTo(new RowResult.Applied());
        assertThat(rows()).isEqualTo("1 new 32, 2 first 34");
    }

    @Test
    void anInsertThatHadToWaitForADeleteDoesNotBringTheRowBack() throws Exception {
        assertThat(afterWaitingFor(handle -> ROWS.delete(handle, newer, 1), () -> insert(older, 1, "late")))
                .isEqualTo(new RowResult.Stale(34));
        assertThat(rows()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"repeatable read", "serializable"})
    void atTheUpperLevelsALostRaceIsAConflictAndNoVerdict(String isolation) throws Exception {
        for (FencedRows.Kind kind : FencedRows.Kind.values()) {
            startWithOneRow();
            Map<String, String> values = kind == FencedRows.Kind.DELETE ? Map.of() : Map.of("state", "late");
            FencedRows.Write write = new FencedRows.Write(kind, FencingToken.of("r", 35), 1, values);
            postgres.jdbi().useHandle(late -> {
                late.execute("SET default_transaction_isolation = '" + isolation + "'");
                late.begin();
                late.createQuery("SELECT count(*) FROM \"in\"\"voice\"")
                        .mapTo(Integer.class)
                        .one();
                assertThat(upsert(newer, 1, "first")).isEqualTo(new RowResult.Applied());

                assertThatThrownBy(() -> ROWS.all(late, List.of(write)))
                        .rootCause()
                        .isInstanceOf(java.sql.SQLException.class)
                        .extracting("SQLState")
                        .isEqualTo("40001");
                late.rollback();
            });
            assertThat(rows()).isEqualTo("1 first 34");
        }
    }

    @Test
    void aValueMayBeNullAndAKeyNeedsOneName() {
        Map<String, String> nothing = new java.util.HashMap<>();
        nothing.put("state", null);
        assertThat(postgres.jdbi()
                        .<RowResult, RuntimeException>withHandle(handle -> ROWS.insert(handle, newer, 2, nothing)))
                .isEqualTo(new RowResult.Applied());
        assertThatThrownBy(() -> postgres.jdbi()
                        .useHandle(handle -> ROWS.delete(handle, newer, new java.math.BigDecimal("1.0"))))
                .hasMessageContaining("java.math.BigDecimal");
        assertThatThrownBy(() -> new FencedRows.Write(FencedRows.Kind.DELETE, newer, 1, Map.of("state", "x")))
                .hasMessageContaining("no values");
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

    private static RowResult insert(FencingToken token, int id, String state) {
        return postgres.jdbi().withHandle(handle -> ROWS.insert(handle, token, id, Map.of("state", state)));
    }

    private static RowResult delete(FencingToken token, int id) {
        return postgres.jdbi().withHandle(handle -> ROWS.delete(handle, token, id));
    }

    private static @Nullable String rows() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT string_agg(id || ' ' || state || ' ' || \"last token\", ', ' ORDER BY id) FROM \"in\"\"voice\"")
                        .mapTo(String.class)
                        .one());
    }
}
