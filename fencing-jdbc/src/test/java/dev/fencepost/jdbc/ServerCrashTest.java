package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.FencepostException;
import dev.fencepost.FencingToken;
import dev.fencepost.servers.PostgresDatabase;
import dev.fencepost.servers.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** PostgreSQL stops at once, in the middle of writes, and starts again: on a server of its own. */
class ServerCrashTest {
    private static final int WRITERS = 4;
    private static final int ROUNDS = 2;
    private static final int ACKNOWLEDGED_BEFORE_THE_STOP = 25;

    @Test
    void everyAcknowledgedClaimIsThereAfterAnImmediateStop() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            PostgresDatabase database = server.newDatabase();
            FenceSchema.migrate(database.dataSource());
            Jdbi jdbi = Jdbi.create(database.dataSource());
            jdbi.useHandle(handle -> handle.execute("CREATE TABLE written (resource text, token bigint)"));
            Map<String, Long> acknowledged = new ConcurrentHashMap<>();
            for (int round = 0; round < ROUNDS; round++) {
                stopUnderLoad(server, lax(database), acknowledged);
                server.restart();
                check(jdbi, acknowledged);
            }
        }
    }

    /** The session's default would lose the last moments. */
    private static FenceGuard lax(PostgresDatabase database) {
        PGSimpleDataSource source = (PGSimpleDataSource) database.dataSource();
        source.setOptions("-c synchronous_commit=off");
        return FenceGuard.of(source);
    }

    private static void stopUnderLoad(PostgresServer server, FenceGuard guard, Map<String, Long> acknowledged)
            throws Exception {
        CountDownLatch enough = new CountDownLatch(WRITERS * ACKNOWLEDGED_BEFORE_THE_STOP);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            String resource = "r" + i;
            writers.add(threads.submit(() -> writeUntilItFails(guard, resource, acknowledged, enough)));
        }
        enough.await();
        server.stopImmediate();
        for (Future<?> writer : writers) {
            writer.get();
        }
        threads.shutdown();
    }

    private static void writeUntilItFails(
            FenceGuard guard, String resource, Map<String, Long> acknowledged, CountDownLatch enough) {
        // What is not acknowledged may be there as well, so that a later round leaves some numbers out.
        for (long token = acknowledged.getOrDefault(resource, 0L) + 10; ; token++) {
            long value = token;
            try {
                guard.write(
                        FencingToken.of(resource, token),
                        handle -> handle.execute("INSERT INTO written VALUES (?, ?)", resource, value));
            } catch (FencepostException | org.jdbi.v3.core.JdbiException stopped) {
                return;
            }
            acknowledged.put(resource, token);
            enough.countDown();
        }
    }

    private static void check(Jdbi jdbi, Map<String, Long> acknowledged) {
        Map<String, Long> fence = jdbi.withHandle(handle ->
                handle.createQuery("SELECT resource, last_token FROM fencepost.fence").mapToMap().stream()
                        .collect(Collectors.toMap(
                                row -> String.valueOf(row.get("resource")), row -> (Long) row.get("last_token"))));
        Map<String, Long> written = jdbi.withHandle(handle ->
                handle
                        .createQuery("SELECT resource, max(token) AS token FROM written GROUP BY resource")
                        .mapToMap()
                        .stream()
                        .collect(Collectors.toMap(
                                row -> String.valueOf(row.get("resource")), row -> (Long) row.get("token"))));

        assertThat(acknowledged).hasSize(WRITERS);
        acknowledged.forEach((resource, token) -> {
            assertThat(fence.get(resource)).isGreaterThanOrEqualTo(token);
            // A claim and what was written under it are there together.
            assertThat(written.get(resource)).isEqualTo(fence.get(resource));
        });
    }
}
