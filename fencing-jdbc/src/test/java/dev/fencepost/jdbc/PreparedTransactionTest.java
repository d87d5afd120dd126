package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import dev.fencepost.servers.PostgresDatabase;
import dev.fencepost.servers.PostgresServer;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Two-phase commit by hand, on a server of its own that is set up for it: no other allows a transaction to be prepared. */
class PreparedTransactionTest {
    private static final FencingToken TOKEN = FencingToken.of("a", 34);
    private static final FencingToken NEXT = FencingToken.of("a", 35);
    private static final String UPDATE = "UPDATE account SET cents = cents + 1 WHERE id = 'a'";

    private static PostgresServer server;
    private static PostgresDatabase database;

    private Jdbi jdbi;
    private FenceGuard guard;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start();
        Jdbi.create(server.dataSource())
                .useHandle(handle -> handle.execute("ALTER SYSTEM SET max_prepared_transactions = 5"));
        server.restart();
        database = server.newDatabase();
        FenceSchema.migrate(database.dataSource());
        Jdbi.create(database.dataSource())
                .useHandle(handle -> handle.execute("CREATE TABLE account (id text PRIMARY KEY, cents int NOT NULL)"));
        FencedTables.protect(database.dataSource(), Protection.byColumn("public", "account", "id"));
    }

    /** A claim that a failed test has left prepared would hold up the next one for ever. */
    @AfterEach
    void rollBackAll() {
        prepared().forEach(name -> jdbi.useHandle(handle -> handle.execute("ROLLBACK PREPARED '" + name + "'")));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void startEmpty() {
        jdbi = Jdbi.create(database.dataSource());
        guard = FenceGuard.of(database.dataSource());
        jdbi.useHandle(handle -> handle.execute("TRUNCATE fencepost.fence"));
        guard.write(FencingToken.of("a", 1), handle -> {
            handle.execute("DELETE FROM account");
            handle.execute("INSERT INTO account VALUES ('a', 0)");
        });
    }

    /** It is not acknowledged. Whoever prepared it has to end it, and until then it keeps everybody else out. */
    @Test
    void workThatPreparesItsTransactionIsNotAcknowledgedAndKeepsItsClaim() {
        for (String end : List.of("COMMIT PREPARED 'p'", "ROLLBACK PREPARED 'p'")) {
            startEmpty();
            assertThatThrownBy(() -> guard.write(TOKEN, handle -> {
                        handle.execute(UPDATE);
                        handle.execute("PREPARE TRANSACTION 'p'");
                    }))
                    .isInstanceOf(IllegalTransactionStateException.class)
                    .hasMessageContaining("look at the data");
            assertPreparedKeepsOthersOut();

            jdbi.useHandle(handle -> handle.execute(end));
            assertThat(cents()).isEqualTo(end.startsWith("COMMIT") ? 1 : 0);
            guard.write(NEXT, handle -> handle.execute(UPDATE));
        }
    }

    @Test
    void theSameHoldsForWorkThatIsSql() {
        assertThatThrownBy(() -> guard.sql().writeOnce(TOKEN, UPDATE + "; PREPARE TRANSACTION 'p'"))
                .isInstanceOf(IllegalTransactionStateException.class);
        assertPreparedKeepsOthersOut();

        jdbi.useHandle(handle -> handle.execute("COMMIT PREPARED 'p'"));
        assertThat(guard.sql().writeOnce(TOKEN, UPDATE)).isEqualTo(new OnceResult.AlreadyApplied<>());
        assertThat(cents()).isEqualTo(1);
    }

    /** What comes after it in the same session is another transaction, which has claimed nothing. */
    @Test
    void aClaimIsNotLeftBehindForTheNextTransaction() {
        assertThatThrownBy(() -> guard.write(TOKEN, handle -> {
                    handle.execute("PREPARE TRANSACTION 'p'");
                    handle.execute(UPDATE);
                }))
                .isInstanceOf(UnclaimedWriteException.class);
        rollBackAll();
        assertThatThrownBy(() -> guard.sql().write(NEXT, "PREPARE TRANSACTION 'q'; " + UPDATE))
                .isInstanceOf(RuntimeException.class);

        rollBackAll();
        assertThat(cents()).isZero();
    }

    /** A manager of distributed transactions claims as any other does: the claim holds until the second phase. */
    @Test
    void aClaimOfTheApplicationsOwnIsPreparedWithItsTransaction() {
        jdbi.useHandle(handle -> {
            handle.begin();
            guard.claim(handle, TOKEN).orThrow();
            handle.execute(UPDATE);
            handle.execute("PREPARE TRANSACTION 'p'");
            handle.rollback();
        });
        assertPreparedKeepsOthersOut();

        jdbi.useHandle(handle -> handle.execute("COMMIT PREPARED 'p'"));
        assertThat(cents()).isEqualTo(1);
        guard.write(NEXT, handle -> handle.execute(UPDATE));
        assertThatThrownBy(() -> guard.write(TOKEN, handle -> handle.execute(UPDATE)))
                .isInstanceOf(StaleTokenException.class);
    }

    private void assertPreparedKeepsOthersOut() {
        assertThat(prepared()).containsExactly("p");
        PGSimpleDataSource impatient = (PGSimpleDataSource) database.dataSource();
        impatient.setOptions("-c lock_timeout=20ms");
        for (FencingToken token : List.of(TOKEN, NEXT)) {
            assertThatThrownBy(() -> FenceGuard.of(impatient).write(token, handle -> handle.execute(UPDATE)))
                    .isInstanceOf(TransactionConflictException.class);
        }
        assertThat(cents()).isZero();
    }

    private List<String> prepared() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT gid FROM pg_prepared_xacts")
                .mapTo(String.class)
                .list());
    }

    private int cents() {
        return jdbi.withHandle(PreparedTransactionTest::centsIn);
    }

    private static int centsIn(Handle handle) {
        return handle.createQuery("SELECT cents FROM account")
                .mapTo(Integer.class)
                .one();
    }
}
