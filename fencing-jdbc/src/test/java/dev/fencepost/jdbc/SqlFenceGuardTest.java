package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Claim, work and commit in one round trip. */
class SqlFenceGuardTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private static final String INSERT = "INSERT INTO note VALUES (?, ?)";

    private final FencingToken token = new FencingToken("r", 34, "owner");
    private final List<FenceEvent> events = new ArrayList<>();
    private final FenceGuard guard = FenceGuard.of(postgres.dataSource()).telling(events::add);

    @BeforeAll
    static void createTables() {
        postgres.jdbi().useHandle(handle -> handle.createScript("""
                        CREATE TABLE note (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, said text);
                        CREATE TABLE guarded (r text NOT NULL)
                        """).execute());
        FencedTables.protect(postgres.dataSource(), Protection.byColumn("public", "guarded", "r"));
    }

    @BeforeEach
    void startEmpty() {
        postgres.jdbi().useHandle(handle -> handle.execute("TRUNCATE note, fencepost.fence"));
    }

    @Test
    void aWriteIsAppliedOnceAndRepetitionsAreToldSo() {
        assertThat(guard.sql().writeOnce(token, INSERT, 1, "one")).isEqualTo(new OnceResult.First<>(1));
        assertThat(guard.sql().writeOnce(token, INSERT, 2, "two")).isEqualTo(new OnceResult.AlreadyApplied<>());

        assertThat(notes()).containsExactly("1 one");
        assertThat(events).containsExactly(new FenceEvent.Admitted(token), new FenceEvent.AlreadyApplied(token));
    }

    @Test
    void aTokenMayWriteManyTimesAndNullIsAnArgument() {
        assertThat(guard.sql().write(token, INSERT, 1, null)).isEqualTo(1);
        assertThat(guard.sql().write(token, "UPDATE note SET said = ? WHERE id < ?", "two", 9))
                .isEqualTo(1);

        assertThat(notes()).containsExactly("1 two");
    }

    @Test
    void aStaleTokenIsRefusedWithBothTokensAndNothingRuns() {
        guard.write(new FencingToken("r", 35, "next"), handle -> {});
        events.clear();

        assertThatThrownBy(() -> guard.sql().write(token, INSERT, 1, "late"))
                .isInstanceOfSatisfying(StaleTokenException.class, stale -> {
                    assertThat(stale.token()).isEqualTo(FencingToken.of("r", 34));
                    assertThat(stale.lastToken()).isEqualTo(FencingToken.of("r", 35));
                });
        assertThat(notes()).isEmpty();
        assertThat(events).containsExactly(new FenceEvent.RefusedAsStale(token, FencingToken.of("r", 35)));
    }

    @Test
    void severalStatementsAreOneTransactionAndTheirRowsAreCounted() {
        int rows = guard.sql().write(token, """
                        INSERT INTO note VALUES (?, ?), (2, 'b');
                        SELECT count(*) FROM note;
                        UPDATE note SET said = said || ? WHERE said <> 'x <y> :z'; -- an end of its own
                        """, 1, "a", "!");

        assertThat(rows).isEqualTo(4);
        assertThat(notes()).containsExactly("1 a!", "2 b!");
        assertThatThrownBy(() -> guard.sql().write(token, "DELETE FROM note; SELECT 1 / 0"))
                .isInstanceOf(UnableToExecuteStatementException.class);
        assertThat(notes()).hasSize(2);
    }

    /** Statement, what is thrown, what is left. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            INSERT INTO note VALUES (1, 'a'); COMMIT; INSERT INTO note VALUES (2, 'b')           | IllegalTransactionState | 1 a
            INSERT INTO note VALUES (1, 'a'); ROLLBACK; INSERT INTO note VALUES (2, 'b')         | IllegalTransactionState |
            INSERT INTO note VALUES (1, 'a'); COMMIT; BEGIN; INSERT INTO note VALUES (2, 'b')    | IllegalTransactionState | 1 a
            INSERT INTO note VALUES (1, 'a'); COMMIT                                             | IllegalTransactionState | 1 a
            INSERT INTO note VALUES (1, 'a'), (1, 'b')                                           | UnableToExecuteStatement |
            INSERT INTO guarded VALUES ('other')                                                 | UnclaimedWrite |
            INSERT INTO nowhere VALUES (1)                                                       | UnableToExecuteStatement |
            SELECT fencepost.nothing()                                                           | FenceSchema |
            """)
    void whatTheWorkDoesWrongIsToldAndNotCommitted(String sql, String thrown, String left) {
        assertThatThrownBy(() -> guard.sql().write(token, sql))
                .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(thrown + "Exception"));
        assertThat(notes()).isEqualTo(left == null ? List.of() : List.of(left));

        // The connection is left as it was, and the next write is not disturbed.
        assertThat(guard.sql().write(token, INSERT, 7, "next")).isEqualTo(1);
    }

    @Test
    void aBeginOfTheWorkDoesNotKeepItFromBeingCommitted() {
        assertThat(guard.sql().write(token, "BEGIN; INSERT INTO note VALUES (1, 'a')"))
                .isEqualTo(1);
        assertThat(notes()).containsExactly("1 a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preferQueryMode=simple",
                "preferQueryMode=extended",
                "preferQueryMode=extendedForPrepared",
                "preferQueryMode=extendedCacheEverything",
                "prepareThreshold=0",
                "prepareThreshold=1",
                "autosave=always",
                "autosave=conservative"
            })
    void everyModeOfTheDriverWorks(String mode) {
        PGSimpleDataSource source = (PGSimpleDataSource) postgres.dataSource();
        String url = postgres.database().jdbcUrl();
        source.setUrl(url + (url.contains("?") ? "&" : "?") + mode);
        SqlFenceGuard moded = FenceGuard.of(source).sql();

        assertThat(moded.writeOnce(token, INSERT, 1, "a")).isEqualTo(new OnceResult.First<>(1));
        assertThat(moded.writeOnce(token, INSERT, 2, "b")).isEqualTo(new OnceResult.AlreadyApplied<>());
        assertThatThrownBy(() -> moded.write(token, "COMMIT; INSERT INTO note VALUES (3, 'c')"))
                .isInstanceOf(IllegalTransactionStateException.class);
        assertThat(notes()).containsExactly("1 a");
    }

    @Test
    void aLostRaceIsTriedAgainAndATimeLimitApplies() throws Exception {
        assertThatThrownBy(
                        () -> guard.within(() -> Duration.ofMillis(200)).sql().write(token, "SELECT pg_sleep(60)"))
                .isInstanceOf(TransactionConflictException.class);

        PGSimpleDataSource serializable = (PGSimpleDataSource) postgres.dataSource();
        serializable.setOptions("-c default_transaction_isolation=serializable");
        FenceGuard racing = FenceGuard.of(serializable).telling(events::add);
        postgres.jdbi().useHandle(handle -> {
            guard.write(token, work -> {});
            handle.begin();
            guard.claim(handle, token).orThrow();
            CompletableFuture<Integer> waiting =
                    CompletableFuture.supplyAsync(() -> racing.retrying(2).sql().write(token, INSERT, 1, "second"));
            awaitBlocked();
            handle.commit();
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        });
        assertThat(events).contains(new FenceEvent.Retried(token, 2));
        assertThat(notes()).containsExactly("1 second");
    }

    @Test
    void aLostAnswerLeavesTheOutcomeUnknownAndARepetitionFindsItApplied() throws Exception {
        PGSimpleDataSource proxied = (PGSimpleDataSource) postgres.dataSource();
        CuttingProxy proxy = new CuttingProxy(proxied.getServerNames()[0], proxied.getPortNumbers()[0]);
        try {
            proxied.setServerNames(new String[] {"127.0.0.1"});
            proxied.setPortNumbers(new int[] {proxy.port()});
            SqlFenceGuard cut = FenceGuard.of(proxied).sql();
            proxy.cutNext(CuttingProxy.Cut.BEFORE_ITS_ANSWER_ARRIVES);

            assertThatThrownBy(() -> cut.writeOnce(token, INSERT, 1, "a"))
                    .isInstanceOfSatisfying(
                            OutcomeUnknownException.class,
                            unknown -> assertThat(unknown.transactionId()).isEmpty());
            assertThat(cut.writeOnce(token, INSERT, 1, "a")).isEqualTo(new OnceResult.AlreadyApplied<>());
            assertThat(notes()).containsExactly("1 a");
        } finally {
            proxy.close();
        }
    }

    @Test
    void thereHasToBeAStatement() {
        assertThatThrownBy(() -> guard.sql().write(token, " ")).hasMessageContaining("sql");
    }

    private static void awaitBlocked() {
        Awaitility.await()
                .until(() -> postgres.jdbi()
                        .withHandle(monitor -> monitor.createQuery(
                                        "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database()"
                                                + " AND cardinality(pg_blocking_pids(pid)) > 0")
                                .mapTo(Boolean.class)
                                .one()));
    }

    private static List<String> notes() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT id || ' ' || said FROM note ORDER BY id")
                        .mapTo(String.class)
                        .list());
    }
}
