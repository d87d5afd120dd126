package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencepostException.Advice;
import dev.fencepost.FencingToken;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Guarded work that ends the transaction by itself, hides a failure, or cannot be committed. */
class GuardedWorkTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private final FencingToken token = new FencingToken("r", 34, "owner");
    private final Jdbi jdbi = postgres.jdbi();
    private final FenceGuard guard = FenceGuard.of(jdbi);

    @BeforeAll
    static void createTables() {
        postgres.jdbi()
                .useHandle(handle -> handle.execute("CREATE TABLE note (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)"));
    }

    @BeforeEach
    void startEmpty() {
        jdbi.useHandle(handle -> handle.execute("TRUNCATE note, fencepost.fence"));
    }

    /** However the work ends the transaction: what comes after it is not committed, and the caller hears of it. */
    @ParameterizedTest
    @ValueSource(strings = {"COMMIT", "ROLLBACK", "COMMIT AND CHAIN", "ROLLBACK AND CHAIN", "COMMIT; BEGIN"})
    void workThatEndsTheTransactionInSqlIsFoundOut(String statement) {
        assertEndedByWork(handle -> {
            handle.execute(statement);
            handle.execute("INSERT INTO note VALUES (2)");
        });
        assertEndedByWork(handle -> handle.execute(statement));

        assertThat(notes()).doesNotContain(2);
    }

    @Test
    void workThatEndsTheTransactionThroughTheHandleOrTheConnectionIsFoundOut() {
        assertEndedByWork(Handle::commit);
        assertEndedByWork(Handle::rollback);
        assertEndedByWork(handle -> assertThatThrownBy(handle::close).hasMessageContaining("open transaction"));
        assertEndedByWork(handle -> handle.getConnection().commit());
        assertEndedByWork(handle -> handle.getConnection().rollback());
        assertEndedByWork(handle -> handle.getConnection().close());
        assertEndedByWork(handle -> handle.getConnection().setAutoCommit(true));
        assertEndedByWork(handle -> {
            handle.getConnection().commit();
            handle.execute("INSERT INTO note VALUES (2)");
        });

        assertThat(notes()).doesNotContain(2);
    }

    /** The commit goes out with a check as two statements in one string: the driver's modes treat such strings differently. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "preferQueryMode=simple",
                "preferQueryMode=extendedForPrepared",
                "preferQueryMode=extendedCacheEverything",
                "prepareThreshold=0",
                "prepareThreshold=1",
                "autosave=always",
                "autosave=conservative"
            })
    void everyModeOfTheDriverCommitsAndFindsOut(String mode) {
        PGSimpleDataSource source = (PGSimpleDataSource) postgres.dataSource();
        source.setUrl(
                postgres.database().jdbcUrl() + (postgres.database().jdbcUrl().contains("?") ? "&" : "?") + mode);
        FenceGuard moded = FenceGuard.of(source);

        assertThat(moded.writeOnce(token, GuardedWorkTest::note)).isEqualTo(Once.FIRST);
        assertThat(moded.writeOnce(token, GuardedWorkTest::note)).isEqualTo(Once.ALREADY_APPLIED);
        assertThatThrownBy(() -> moded.write(token, handle -> {
                    handle.execute("COMMIT");
                    handle.execute("INSERT INTO note VALUES (2)");
                }))
                .isInstanceOf(IllegalTransactionStateException.class);
        assertThatThrownBy(() -> moded.write(token, GuardedWorkTest::note)).isInstanceOf(CommitRefusedException.class);
        assertThat(notes()).containsExactly(1);
    }

    @Test
    void workMayUseSavepointsAndTransactionsOfItsHandle() {
        guard.write(token, handle -> {
            handle.savepoint("before");
            handle.execute("INSERT INTO note VALUES (1)");
            handle.rollbackToSavepoint("before");
            handle.useTransaction(same -> same.execute("INSERT INTO note VALUES (2)"));
        });

        assertThat(notes()).containsExactly(2);
    }

    @Test
    void workThatSwallowsAFailedStatementIsRolledBack() {
        assertThatThrownBy(() -> guard.write(token, handle -> {
                    note(handle);
                    assertThatThrownBy(() -> handle.execute("SELECT 1 / 0")).isInstanceOf(RuntimeException.class);
                }))
                .isInstanceOf(IllegalTransactionStateException.class)
                .hasMessageContainingAll("r#34", "had failed");

        assertNothingIsWritten();
    }

    @Test
    void aDeferredConstraintIsReportedAtTheCommit() {
        assertThatThrownBy(() -> guard.writeOnce(token, handle -> {
                    note(handle);
                    note(handle);
                }))
                .isInstanceOf(CommitRefusedException.class)
                .hasMessageContainingAll("r#34", "note_id_key");

        assertNothingIsWritten();
    }

    @Test
    void aConflictInTheWorkIsReportedAsOne() {
        assertThatThrownBy(() -> guard.write(token, handle -> {
                    note(handle);
                    handle.execute("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$");
                }))
                .isInstanceOfSatisfying(
                        TransactionConflictException.class,
                        conflict -> assertThat(conflict.advice()).isEqualTo(Advice.RETRY_LATER));

        assertNothingIsWritten();
    }

    private void assertEndedByWork(HandleConsumer<Exception> work) {
        jdbi.useHandle(handle -> handle.execute("TRUNCATE note"));
        assertThatThrownBy(() -> guard.write(token, handle -> {
                    note(handle);
                    work.useHandle(handle);
                }))
                .isInstanceOf(IllegalTransactionStateException.class)
                .hasMessageContainingAll("r#34", "ended the guard's transaction");
    }

    private void assertNothingIsWritten() {
        assertThat(notes()).isEmpty();
        assertThat(fences()).isEmpty();
    }

    private static void note(Handle handle) {
        handle.execute("INSERT INTO note VALUES (1)");
    }

    private List<Integer> notes() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT id FROM note ORDER BY id")
                .mapTo(Integer.class)
                .list());
    }

    private List<String> fences() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT resource FROM fencepost.fence")
                .mapTo(String.class)
                .list());
    }
}
