package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockEvent;
import dev.fencepost.QuorumUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** What is particular to locks on PostgreSQL; what they have in common with others is in the contract. */
class PostgresLocksTest {
    @RegisterExtension
    static final OnPostgres POSTGRES = OnPostgres.migrated();

    private static final Duration SOON = Duration.ofSeconds(30);

    private final String resource = "r/" + UUID.randomUUID();

    @Test
    void aDatabaseWithoutTheSchemaIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> PostgresLocks.connect(POSTGRES.newDatabase().dataSource()))
                .isInstanceOf(FenceSchemaException.class)
                .hasMessageContaining("FenceSchema.migrate(dataSource)");
    }

    @Test
    void aRoleWithoutTheRightsIsToldWhich() {
        assertThatThrownBy(() -> PostgresLocks.connect(
                        ApplicationRole.create(POSTGRES.database()).dataSource()))
                .isInstanceOf(FenceSchemaException.class)
                .hasMessageContaining("EXECUTE on its functions lock_join, lock_grant");
    }

    @Test
    void theRoleThatTakesLocksCanNeitherReadNorWriteTheirTables() {
        Jdbi jdbi = Jdbi.create(LockRole.of(POSTGRES.database()).dataSource());

        for (String statement : List.of(
                "SELECT FROM fencepost.lock",
                "UPDATE fencepost.lock SET counter = 0",
                "DELETE FROM fencepost.lock_node",
                "SELECT fencepost.lock_incarnation()",
                "SELECT fencepost.claim('r', 1, '', false)")) {
            assertThatThrownBy(() -> jdbi.useHandle(handle -> handle.execute(statement)))
                    .hasMessageContaining("permission denied");
        }
    }

    /** Or the counter would stand still or fall, and tokens would come again. */
    @Test
    void noGrantTakesLessThanOneToken() {
        Jdbi jdbi = Jdbi.create(LockRole.of(POSTGRES.database()).dataSource());

        for (int tokens : new int[] {0, -1}) {
            assertThatThrownBy(() -> jdbi.useHandle(handle -> handle.select(
                                    "SELECT fencepost.lock_grant(?, 'owner', 0, 1000, 0, ?)", resource, tokens)
                            .mapTo(String.class)
                            .one()))
                    .hasMessageContaining("a grant takes 1 token at least, but is to take " + tokens);
        }
    }

    @Test
    void aPoolThatIsTooSmallIsNamedAsWhatIsWrong() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(POSTGRES.dataSource());
        config.setMaximumPoolSize(2);
        config.setConnectionTimeout(300);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            PostgresLocksBuilder locks = PostgresLocks.builder(pool).connectTimeout(Duration.ofSeconds(2));

            assertThatThrownBy(locks::connect)
                    .isInstanceOf(QuorumUnavailableException.class)
                    .hasMessageContaining("of 4 connections for locks")
                    .hasMessageContaining("must be able to give 5");
            // What it had of the pool is back, and nothing of ours is left on it.
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(statement.execute("SELECT 1")).isTrue();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void leasesAndWaitersCostNeitherConnectionsNorThreads() {
        String name = "counted-" + UUID.randomUUID();
        try (LockClient locks = PostgresLocks.builder(named(name)).connect()) {
            locks.acquire(resource, SOON);
            int threads = Thread.activeCount();
            List<Lease> leases = IntStream.range(0, 100)
                    .mapToObj(i -> locks.acquire(resource + "/" + i, SOON))
                    .toList();
            List<CompletableFuture<Lease>> waiters = IntStream.range(0, 100)
                    .mapToObj(i ->
                            locks.acquireAsync(resource, SOON.multipliedBy(10)).toCompletableFuture())
                    .toList();

            assertThat(leases).allMatch(Lease::isHeld);
            assertThat(waiters).noneMatch(CompletableFuture::isDone);
            await().atMost(SOON).untilAsserted(() -> assertThat(backends(name)).isEqualTo(5));
            // The two threads for callbacks come and go.
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(backends(name)).isZero());
    }

    @Test
    void connectionsThatAreEndedAreOpenedAgainAndLeasesGoOn() {
        String name = "ended-" + UUID.randomUUID();
        List<LockEvent> events = new CopyOnWriteArrayList<>();
        try (LockClient locks =
                        PostgresLocks.builder(named(name)).listener(events::add).connect();
                Lease lease = locks.acquire(resource, SOON)) {
            await().atMost(SOON).untilAsserted(() -> assertThat(backends(name)).isEqualTo(5));
            endBackends(name);

            try (Lease other = locks.acquire(resource + "/other", SOON)) {
                assertThat(other.isHeld()).isTrue();
            }
            await().atMost(SOON)
                    .ignoreException(QuorumUnavailableException.class)
                    .untilAsserted(() -> lease.extend(Duration.ofMinutes(2)));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(events)
                            .anyMatch(LockEvent.NodeUnreachable.class::isInstance)
                            .anyMatch(LockEvent.NodeBack.class::isInstance));
            await().atMost(SOON).untilAsserted(() -> assertThat(backends(name)).isEqualTo(5));
        }
    }

    @Test
    void aRowThatAnAdministratorHasLockedEndsTheAttemptAndNotTheConnection() {
        try (LockClient locks = PostgresLocks.builder(POSTGRES.dataSource())
                        .lease(Duration.ofMinutes(1))
                        .nodeTimeout(Duration.ofSeconds(20))
                        .connect();
                Handle administrator = POSTGRES.jdbi().open()) {
            locks.acquire(resource, SOON).close();
            await().atMost(SOON).until(() -> isFree(administrator));
            administrator.begin();
            administrator.execute("SELECT FROM fencepost.lock WHERE resource = ? FOR UPDATE", resource);

            assertThatThrownBy(() -> locks.acquire(resource, Duration.ZERO))
                    .isInstanceOf(QuorumUnavailableException.class)
                    .hasMessageContaining("lock timeout");
            administrator.rollback();
            assertThat(locks.acquire(resource, Duration.ZERO).isHeld()).isTrue();
        }
    }

    @Test
    void connectionsOfAPoolGoBackAsTheyCame() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(POSTGRES.dataSource());
        config.setMaximumPoolSize(5);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            LockClient locks = PostgresLocks.connect(pool);
            LockClient other = PostgresLocks.connect(POSTGRES.dataSource());
            other.acquire(resource, SOON);
            CompletableFuture<Lease> waiting =
                    locks.acquireAsync(resource, SOON.multipliedBy(10)).toCompletableFuture();
            await().atMost(SOON).untilAsserted(() -> assertThat(advisoryLocks()).isPositive());
            locks.close();
            other.close();

            assertThat(waiting).isCompletedExceptionally();
            await().atMost(SOON).untilAsserted(() -> assertThat(advisoryLocks()).isZero());
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isTrue();
            }
        }
    }

    private boolean isFree(Handle handle) {
        return handle.createQuery("SELECT owner IS NULL FROM fencepost.lock WHERE resource = ?")
                .bind(0, resource)
                .mapTo(Boolean.class)
                .one();
    }

    private static int advisoryLocks() {
        return POSTGRES.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT count(*) FROM pg_locks AS l WHERE l.locktype = 'advisory'"
                                        + " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())")
                        .mapTo(Integer.class)
                        .one());
    }

    private static PGSimpleDataSource named(String name) {
        PGSimpleDataSource source = LockRole.of(POSTGRES.database()).dataSource();
        source.setApplicationName(name);
        return source;
    }

    private static int backends(String name) {
        return POSTGRES.jdbi()
                .withHandle(
                        handle -> handle.createQuery("SELECT count(*) FROM pg_stat_activity WHERE application_name = ?")
                                .bind(0, name)
                                .mapTo(Integer.class)
                                .one());
    }

    private static void endBackends(String name) {
        POSTGRES.jdbi()
                .useHandle(handle -> handle.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ?", name));
    }
}
