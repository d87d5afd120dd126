package dev.fencepost.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockEvent;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.jdbc.StaleTokenException;
import dev.fencepost.redis.RedisLocks;
import dev.fencepost.redis.RedisLocksBuilder;
import dev.fencepost.servers.PostgresServer;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.generic.GenericType;
import org.junit.jupiter.api.Test;

/** All nodes lose everything at once, while there is work: nothing that the store admitted is overwritten, and work resumes with one retry a lease. */
final class TotalLossTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> ACCOUNTS = List.of("account/1", "account/2", "account/3");

    private final Queue<LockEvent> events = new ConcurrentLinkedQueue<>();
    private final Map<String, Long> leases = new ConcurrentHashMap<>();
    private final AtomicBoolean stopped = new AtomicBoolean();

    @Test
    void nothingIsOverwrittenAndWorkResumesWithOneRetryALease() {
        try (PostgresServer postgres = PostgresServer.start();
                RedisServers nodes = RedisServers.start(5)) {
            DataSource store = postgres.newDatabase().dataSource();
            FenceSchema.migrate(store);
            Jdbi jdbi = Jdbi.create(store);
            jdbi.useHandle(handle -> handle.execute(
                    "CREATE TABLE entry (account text, number bigint, token bigint, PRIMARY KEY (account, number))"));
            FenceGuard guard = FenceGuard.of(store);
            client(nodes).format();
            try (LockClient locks =
                    guard.activating(client(nodes).listener(events::add).connect())) {
                List<CompletableFuture<Void>> work = ACCOUNTS.stream()
                        .map(account -> CompletableFuture.runAsync(() -> work(locks, guard, account)))
                        .toList();
                awaitEntries(jdbi, 10);
                FencingToken before = last(jdbi);

                nodes.nodes().forEach(RedisServer::kill);
                nodes.nodes().forEach(RedisServer::wipe);
                nodes.nodes().forEach(RedisServer::restart);
                // Nobody else knows that there was a cluster, so this takes a person. The store heals the counters.
                client(nodes).format();
                awaitEntries(jdbi, 10);
                stopped.set(true);
                work.forEach(CompletableFuture::join);

                assertThatThrownBy(() -> guard.write(before, handle -> {})).isInstanceOf(StaleTokenException.class);
            }
            assertThat(outOfOrder(jdbi)).isEmpty();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(retries().values())
                            .hasSize(ACCOUNTS.size())
                            .containsOnly(1L));
        }
    }

    /** Books one entry after the other, each under a lease of its own, by reading how many there are. */
    private void work(LockClient locks, FenceGuard guard, String account) {
        while (!stopped.get()) {
            try (Lease lease = locks.acquire(account, SOON)) {
                leases.merge(account, 1L, Long::sum);
                guard.write(lease.token(), handle -> {
                    long next = 1
                            + handle.createQuery("SELECT count(*) FROM entry WHERE account = :account")
                                    .bind("account", account)
                                    .mapTo(Long.class)
                                    .one();
                    handle.execute(
                            "INSERT INTO entry VALUES (?, ?, ?)",
                            account,
                            next,
                            lease.token().value());
                });
            }
        }
    }

    /** Waits for so many more in every account. */
    private static void awaitEntries(Jdbi jdbi, int more) {
        Map<String, Long> enough = entries(jdbi);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(ACCOUNTS)
                        .allSatisfy(account -> assertThat(entries(jdbi).getOrDefault(account, 0L))
                                .isGreaterThanOrEqualTo(enough.getOrDefault(account, 0L) + more)));
    }

    private static Map<String, Long> entries(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT account, count(*) FROM entry GROUP BY account")
                .setMapKeyColumn("account")
                .setMapValueColumn("count")
                .collectInto(new GenericType<Map<String, Long>>() {}));
    }

    private static FencingToken last(Jdbi jdbi) {
        return jdbi.withHandle(
                handle -> handle.createQuery("SELECT resource, last_token, owner FROM fencepost.fence LIMIT 1")
                        .map((row, context) -> new FencingToken(row.getString(1), row.getLong(2), row.getString(3)))
                        .one());
    }

    /** Entries whose number or token is not larger than that of the entry before. */
    private static List<String> outOfOrder(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT e.account || ' ' || e.number FROM entry e JOIN entry before"
                                + " ON before.account = e.account AND before.number < e.number AND before.token >= e.token")
                .mapTo(String.class)
                .list());
    }

    /** How many leases were won in vain, since the store knew of a larger token. */
    private Map<String, Long> retries() {
        Map<String, Long> won = events.stream()
                .filter(LockEvent.Acquired.class::isInstance)
                .map(event -> ((LockEvent.Acquired) event).token().resource())
                .collect(Collectors.groupingBy(resource -> resource, Collectors.counting()));
        return ACCOUNTS.stream()
                .collect(Collectors.toMap(
                        account -> account,
                        account -> won.getOrDefault(account, 0L) - leases.getOrDefault(account, 0L)));
    }

    private static RedisLocksBuilder client(RedisServers nodes) {
        return RedisLocks.builder()
                .addresses(nodes.uris())
                .lease(Duration.ofSeconds(5))
                .connectTimeout(SOON);
    }
}
