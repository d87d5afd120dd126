package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.fencepost.FencepostException.Advice;
import dev.fencepost.FencingToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every way to hold the guard wrongly that we could think of: an error that says what to do, and nothing written. */
class GuardMisuseTest {
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

    @Test
    @SuppressWarnings("NullAway") // what callers outside of null-checked code can do
    void nothingIsNull() {
        jdbi.useTransaction(handle -> assertThatThrownBy(() -> guard.claim(handle, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("token"));
        assertThatThrownBy(() -> guard.claim((Handle) null, token)).hasMessage("handle");
        assertThatThrownBy(() -> guard.claim((Connection) null, token)).hasMessage("connection");
        assertThatThrownBy(() -> guard.write(null, GuardMisuseTest::note)).hasMessage("token");
        assertThatThrownBy(() -> guard.write(token, null)).hasMessage("work");
        assertThatThrownBy(() -> guard.writeOnceReturning(token, null)).hasMessage("work");
        assertThatThrownBy(() -> guard.jdbc().writeOnce(token, null)).hasMessage("work");
        assertThatThrownBy(() -> FenceGuard.of((Jdbi) null)).hasMessage("jdbi");
        assertThatThrownBy(() -> FenceSchema.migrate(null)).hasMessage("dataSource");
    }

    @Test
    void aClosedHandleCannotClaim() {
        Handle handle = jdbi.open();
        handle.close();

        assertThatThrownBy(() -> guard.claim(handle, token))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aClosedConnectionCannotClaim() throws SQLException {
        Connection connection = postgres.dataSource().getConnection();
        connection.close();

        assertThatThrownBy(() -> guard.claim(connection, token))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aClaimOutsideATransactionIsRefused() {
        jdbi.useHandle(handle -> assertThatThrownBy(() -> guard.claim(handle, token))
                .isInstanceOf(IllegalTransactionStateException.class)
                .hasMessageContainingAll("auto-commit is on", "r#34", "begin a transaction"));

        assertThat(fences()).isEmpty();
    }

    @Test
    void aReadOnlyTransactionCannotClaim() {
        jdbi.useHandle(handle -> {
            handle.setReadOnly(true);
            handle.begin();
            assertThatThrownBy(() -> guard.claim(handle, token))
                    .isInstanceOf(IllegalTransactionStateException.class)
                    .hasMessageContaining("read-only");
            handle.rollback();
        });
    }

    @Test
    void aFailedTransactionCannotClaim() {
        jdbi.useHandle(handle -> {
            handle.begin();
            assertThatThrownBy(() -> handle.execute("SELECT 1 / 0")).isInstanceOf(RuntimeException.class);
            assertThatThrownBy(() -> guard.claim(handle, token))
                    .isInstanceOf(IllegalTransactionStateException.class)
                    .hasMessageContaining("had failed");
            handle.rollback();
        });
    }

    @Test
    void aDatabaseThatIsNotMigratedSaysSo() {
        FenceGuard blank = FenceGuard.of(postgres.newDatabase().dataSource());

        assertThatThrownBy(() -> blank.writeOnce(token, GuardMisuseTest::note))
                .isInstanceOfSatisfying(
                        FenceSchemaException.class,
                        schema -> assertThat(schema.advice()).isEqualTo(Advice.STOP))
                .hasMessageContaining("FenceSchema.migrate");
    }

    @Test
    void aWriteInsideAWriteIsRefused() {
        assertThatThrownBy(() -> guard.write(token, handle -> {
                    note(handle);
                    guard.write(FencingToken.of("other", 1), GuardMisuseTest::note);
                }))
                .isInstanceOf(IllegalTransactionStateException.class)
                .hasMessageContaining("claim(handle, token)");

        assertNothingIsWritten();
    }

    @Test
    void aPlainWriteInsideAPlainWriteIsRefused() {
        JdbcFenceGuard plain = FenceGuard.of(postgres.dataSource()).jdbc();

        assertThatThrownBy(() -> plain.write(token, outer -> plain.write(token, inner -> {})))
                .isInstanceOf(IllegalTransactionStateException.class);

        assertNothingIsWritten();
    }

    @Test
    void aWriteInsideATransactionOfTheSameJdbiIsRefused() {
        assertThatThrownBy(() -> jdbi.useTransaction(handle -> guard.write(token, GuardMisuseTest::note)))
                .isInstanceOf(IllegalTransactionStateException.class)
                .hasMessageContaining("claim(handle, token)");

        assertNothingIsWritten();
    }

    @Test
    void connectionsThatComeWithAutoCommitOffAreRefused() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(postgres.dataSource());
        config.setAutoCommit(false);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertThatThrownBy(() -> FenceGuard.of(pool).write(token, GuardMisuseTest::note))
                    .isInstanceOf(IllegalTransactionStateException.class)
                    .hasMessageContaining("auto-commit off");
        }
        assertNothingIsWritten();
    }

    @Test
    void aPooledConnectionComesBackAsItWas() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(postgres.dataSource());
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            FenceGuard pooled = FenceGuard.of(pool);
            for (int i = 0; i < 10; i++) {
                pooled.write(token, handle -> {});
                assertThat(pooled.writeOnce(new FencingToken("r" + i, 34), handle -> {}))
                        .isEqualTo(Once.FIRST);
                assertThat(pooled.writeOnce(new FencingToken("r" + i, 34), handle -> {}))
                        .isEqualTo(Once.ALREADY_APPLIED);
                assertThatThrownBy(() -> pooled.write(new FencingToken("r", 33), handle -> {}))
                        .isInstanceOf(StaleTokenException.class);
                try (Connection connection = pool.getConnection()) {
                    assertThat(connection.getAutoCommit()).isTrue();
                }
            }
        }
    }

    @Test
    void aClaimThatWaitsTooLongMayBeRepeated() {
        for (String limit : Set.of("lock_timeout", "statement_timeout")) {
            jdbi.useTransaction(holder -> {
                guard.claim(holder, token);
                Jdbi.create(postgres.dataSource()).useTransaction(waiting -> {
                    waiting.execute("SET LOCAL " + limit + " = '20ms'");
                    assertThatThrownBy(() -> guard.claim(waiting, new FencingToken("r", 35)))
                            .as(limit)
                            .isInstanceOf(TransactionConflictException.class);
                    waiting.rollback();
                });
            });
        }
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
