package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.fencepost.FencingToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/** The begin of a transaction travels with its claim, and leaves the connection and whoever uses it as another begin would. */
class RoundTripsTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private static final String UPDATE = "UPDATE account SET cents = cents + 1";

    private final PGSimpleDataSource counted = (PGSimpleDataSource) postgres.dataSource();
    private HikariDataSource pool;
    private FenceGuard guard;

    @BeforeAll
    static void createTable() {
        postgres.jdbi().useHandle(handle -> handle.createScript("""
                        CREATE TABLE account (cents int);
                        INSERT INTO account VALUES (0);
                        """).execute());
    }

    @BeforeEach
    void openPool() {
        postgres.jdbi().useHandle(handle -> handle.execute("TRUNCATE fencepost.fence"));
        CountingSocketFactory.in(counted);
        pool = poolOf(counted);
        guard = FenceGuard.of(pool);
    }

    @AfterEach
    void closePool() {
        pool.close();
    }

    private static HikariDataSource poolOf(PGSimpleDataSource source) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }

    @Test
    void aWriteTakesThreeTripsAndOneThatIsSqlTakesOne() {
        for (long number : LongStream.rangeClosed(1, 20).toArray()) {
            FencingToken token = FencingToken.of("r", number);
            CountingSocketFactory.count();
            if (number % 2 == 0) {
                guard.writeOnce(token, handle -> handle.execute(UPDATE));
                assertThat(CountingSocketFactory.count()).isEqualTo(3);
            } else {
                guard.sql().writeOnce(token, UPDATE);
                assertThat(CountingSocketFactory.count()).isOne();
            }
        }
    }

    /** Whatever becomes of a write, the only connection of a pool comes back with nothing open on it. */
    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
    void nothingStaysOpen(String mode) {
        pool.close();
        counted.setPreferQueryMode(PreferQueryMode.of(mode));
        pool = poolOf(counted);
        guard = FenceGuard.of(pool);
        guard.write(FencingToken.of("r", 7), handle -> {});
        for (int i = 0; i < 7; i++) {
            FencingToken stale = FencingToken.of("r", 6);
            FencingToken fresh = FencingToken.of("r" + i, 6);
            assertThatThrownBy(() -> guard.write(stale, handle -> handle.execute(UPDATE)))
                    .isInstanceOf(StaleTokenException.class);
            assertNothingIsOpen();
            assertThatThrownBy(() -> guard.sql().write(stale, UPDATE)).isInstanceOf(StaleTokenException.class);
            assertNothingIsOpen();
            assertThatThrownBy(() -> guard.write(fresh, handle -> handle.execute("SELECT 1 / 0")))
                    .isInstanceOf(RuntimeException.class);
            assertNothingIsOpen();
            assertThatThrownBy(() -> guard.sql().write(fresh, "SELECT 1 / 0")).isInstanceOf(RuntimeException.class);
            assertNothingIsOpen();
            assertThat(guard.sql().writeOnce(fresh, UPDATE)).isEqualTo(new OnceResult.First<>(1));
            assertThat(guard.writeOnce(fresh, handle -> handle.execute(UPDATE))).isEqualTo(Once.ALREADY_APPLIED);
            assertNothingIsOpen();
        }
    }

    private void assertNothingIsOpen() {
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        int open = postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                                + " AND state <> 'idle' AND backend_type = 'client backend'")
                        .mapTo(Integer.class)
                        .one());
        assertThat(open).isZero();
    }

    /** A begin that does more than to begin is left to do so. */
    @Test
    void theApplicationsOwnWayToBeginIsKept() {
        Jdbi jdbi = Jdbi.create(pool);
        jdbi.setTransactionHandler(new Serializable(new LocalTransactionHandler()));
        FenceGuard own = FenceGuard.of(jdbi);
        AtomicReference<String> level = new AtomicReference<>();

        own.write(FencingToken.of("r", 1), handle -> level.set(levelOf(handle)));
        assertThat(level.get()).isEqualTo("serializable");
        own.sql()
                .write(
                        FencingToken.of("r", 2),
                        "UPDATE account SET cents = CASE current_setting('transaction_isolation')"
                                + " WHEN 'serializable' THEN 77 ELSE 0 END");
        int cents = jdbi.withHandle(handle -> handle.createQuery("SELECT cents FROM account")
                .mapTo(Integer.class)
                .one());
        assertThat(cents).isEqualTo(77);
    }

    private static String levelOf(Handle handle) {
        return handle.createQuery("SELECT current_setting('transaction_isolation')")
                .mapTo(String.class)
                .one();
    }

    @Test
    void aConnectionThatIsReadOnlyIsRefused() throws Exception {
        try (Connection connection = pool.getConnection()) {
            connection.setReadOnly(true);
            FenceGuard reading = FenceGuard.of(Jdbi.create(connection));

            assertThatThrownBy(() -> reading.write(FencingToken.of("r", 1), handle -> {}))
                    .isInstanceOf(IllegalTransactionStateException.class)
                    .hasMessageContaining("read-only");
            assertThatThrownBy(() -> reading.sql().write(FencingToken.of("r", 1), UPDATE))
                    .isInstanceOf(IllegalTransactionStateException.class)
                    .hasMessageContaining("read-only");
        }
    }

    /** Begins with an isolation level of its own. */
    private static final class Serializable extends DelegatingTransactionHandler {
        Serializable(TransactionHandler delegate) {
            super(delegate);
        }

        @Override
        public void begin(Handle handle) {
            super.begin(handle);
            handle.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
        }

        @Override
        public TransactionHandler specialize(Handle handle) throws SQLException {
            return new Serializable(getDelegate().specialize(handle));
        }
    }
}
