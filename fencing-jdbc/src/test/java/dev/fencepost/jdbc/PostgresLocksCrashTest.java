package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fencepost.FencepostException;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.servers.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The server ends in the middle of everything, and comes back: as it was, or as one that has taken its place. */
class PostgresLocksCrashTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int TAKERS = 4;
    private static final int TAKEN_BEFORE_THE_STOP = 25;

    /** How far counters jump when a server has taken the place of another. */
    private static final long JUMP = 1L << 32;

    private static PostgresServer server;
    private DataSource database;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void migrate() {
        PGSimpleDataSource source = (PGSimpleDataSource) server.newDatabase().dataSource();
        // The session's default would lose the last moments.
        source.setOptions("-c synchronous_commit=off");
        database = source;
        FenceSchema.migrate(database);
    }

    @Test
    void noTokenThatWasHandedOutIsForgottenByACrashAndNoLockEither() throws Exception {
        Map<String, Long> handedOut = new ConcurrentHashMap<>();
        CountDownLatch enough = new CountDownLatch(TAKERS * TAKEN_BEFORE_THE_STOP);
        try (LockClient locks = PostgresLocks.builder(database)
                .lease(Duration.ofMinutes(5))
                .nodeTimeout(SOON)
                .connect()) {
            List<CompletableFuture<Void>> takers = IntStream.range(0, TAKERS)
                    .mapToObj(
                            i -> CompletableFuture.runAsync(() -> takeUntilItFails(locks, "r" + i, handedOut, enough)))
                    .toList();
            enough.await();
            server.stopImmediate();
            takers.forEach(CompletableFuture::join);
            server.restart();

            for (int i = 0; i < TAKERS; i++) {
                long last = handedOut.getOrDefault("r" + i, Long.MAX_VALUE);
                String kept = "kept" + i;
                await().atMost(SOON)
                        .ignoreException(QuorumUnavailableException.class)
                        .untilAsserted(() -> assertThat(locks.tryAcquire(kept)).isEmpty());
                assertThat(counter("r" + i)).isGreaterThanOrEqualTo(last);
                // One that was never answered may hold it, until its time is up.
                free("r" + i);
                assertThat(locks.acquire("r" + i, SOON).token().value())
                        .isGreaterThan(last)
                        .isLessThan(JUMP);
            }
        }
    }

    private static void takeUntilItFails(
            LockClient locks, String resource, Map<String, Long> handedOut, CountDownLatch enough) {
        // Never closed: it has to be there after the crash.
        locks.acquire(resource.replace("r", "kept"), SOON);
        while (true) {
            try (Lease lease = locks.acquire(resource, Duration.ZERO)) {
                handedOut.put(resource, lease.token().value());
                enough.countDown();
            } catch (FencepostException stopped) {
                return;
            }
        }
    }

    /** An archive recovery ends on a new timeline, as a promotion does. */
    @Test
    void aServerOnANewTimelineGrantsNothingUntilForgottenLeasesAreOverAndThenJumps() {
        long before;
        try (LockClient locks = PostgresLocks.connect(database);
                Lease lease = locks.acquire("r", SOON)) {
            before = lease.token().value();
        }
        recoverToNewTimeline();

        try (LockClient locks = PostgresLocks.connect(database)) {
            assertThatThrownBy(() -> locks.acquire("r", Duration.ZERO))
                    .isInstanceOf(QuorumUnavailableException.class)
                    .hasMessageContaining("has taken the place of another");
            Jdbi.create(database)
                    .useHandle(handle -> handle.execute("UPDATE fencepost.lock_node SET opens_at = clock_timestamp()"));

            assertThat(locks.acquire("r", SOON).token().value()).isGreaterThan(before + JUMP - 1);
            assertThat(locks.acquire("never seen", SOON).token().value()).isGreaterThan(JUMP);
        }
    }

    @Test
    void whereCommitsWaitForTheStandbyLocksAreGrantedAtOnceAndTokensJumpAllTheSame() {
        try (LockClient locks = PostgresLocks.connect(database)) {
            locks.acquire("r", SOON).close();
        }
        recoverToNewTimeline();

        try (LockClient locks =
                PostgresLocks.builder(database).synchronousReplication().connect()) {
            assertThat(locks.acquire("r", SOON).token().value()).isGreaterThan(JUMP);
        }
    }

    @Test
    void aSecondClientOfTheSameServerChangesNothing() {
        try (LockClient first = PostgresLocks.connect(database);
                LockClient second = PostgresLocks.builder(database)
                        .maxLease(Duration.ofHours(2))
                        .connect()) {
            assertThat(first.acquire("r", SOON).token().value()).isOne();
            assertThat(second.acquire("s", SOON).token().value()).isOne();
            long longest = Jdbi.create(database)
                    .withHandle(handle -> handle.createQuery("SELECT longest_lease FROM fencepost.lock_node")
                            .mapTo(Long.class)
                            .one());
            assertThat(longest).isEqualTo(Duration.ofHours(2).toMillis());
        }
    }

    private void recoverToNewTimeline() {
        String directory = Jdbi.create(database)
                .withHandle(handle -> handle.createQuery("SHOW data_directory")
                        .mapTo(String.class)
                        .one());
        Jdbi.create(database).useHandle(handle -> {
            handle.execute("ALTER SYSTEM SET restore_command = 'false'");
            handle.execute("CHECKPOINT");
            handle.execute("COPY (SELECT) TO '" + directory + "/recovery.signal'");
        });
        server.stopImmediate();
        server.restart();
        await().atMost(SOON)
                .until(() -> Jdbi.create(database)
                        .withHandle(handle -> handle.createQuery("SELECT NOT pg_is_in_recovery()")
                                .mapTo(Boolean.class)
                                .one()));
    }

    private long counter(String resource) {
        return Jdbi.create(database)
                .withHandle(handle -> handle.createQuery("SELECT counter FROM fencepost.lock WHERE resource = ?")
                        .bind(0, resource)
                        .mapTo(Long.class)
                        .one());
    }

    private void free(String resource) {
        Jdbi.create(database)
                .useHandle(handle ->
                        handle.execute("UPDATE fencepost.lock SET owner = NULL WHERE resource = ?", resource));
    }
}
