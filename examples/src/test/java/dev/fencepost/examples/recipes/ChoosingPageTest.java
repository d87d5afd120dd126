package dev.fencepost.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.PostgresLocks;
import dev.fencepost.jdbc.StaleTokenException;
import dev.fencepost.redis.RedisLocks;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What {@code docs/choosing.md} shows, run as it is, by several at once where that is the point. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChoosingPageTest {
    private static final int CALLERS = 8;

    private final RecipeServers servers = RecipeServers.SHARED;
    private final Jdbi jdbi = servers.jdbi();
    private final ConcurrentMap<String, List<Integer>> seen = new ConcurrentHashMap<>();
    private final List<String> made = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);

    @BeforeAll
    void createTables() {
        jdbi.useHandle(handle -> handle.createScript("""
                        CREATE TABLE charge (invoice_id bigint PRIMARY KEY, cents integer NOT NULL);
                        CREATE TABLE account (id integer PRIMARY KEY, balance bigint NOT NULL);
                        CREATE TABLE document (id integer PRIMARY KEY, body text NOT NULL, version bigint NOT NULL);
                        CREATE TABLE task (id bigint PRIMARY KEY, done boolean NOT NULL DEFAULT false);
                        CREATE TABLE message (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL);
                        INSERT INTO account VALUES (1, 1000), (2, 0);
                        INSERT INTO document VALUES (7, '', 1);
                        INSERT INTO task VALUES (1), (2), (3);
                        """).execute());
    }

    @AfterAll
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void idempotent() throws Exception {
        List<Integer> rows = together(() -> jdbi.withHandle(handle -> {
            return handle.execute(
                    "INSERT INTO charge (invoice_id, cents) VALUES (?, ?) ON CONFLICT (invoice_id) DO NOTHING",
                    42,
                    9900);
        }));

        assertThat(rows).containsOnlyOnce(1).containsOnly(0, 1);
    }

    @Test
    void oneStatement() throws Exception {
        List<Integer> rows = together(() -> jdbi.withHandle(handle -> {
            return handle.execute(
                    "UPDATE account SET balance = balance - ? WHERE id = ? AND balance >= ?", 300, 1, 300);
        }));

        assertThat(rows).filteredOn(row -> row == 1).hasSize(3);
        assertThat(number("SELECT balance FROM account WHERE id = 1")).isEqualTo(100);
    }

    @Test
    void rowLock() throws Exception {
        List<Long> balances = together(() -> jdbi.inTransaction(handle -> {
            long before = handle.createQuery("SELECT balance FROM account WHERE id = 2 FOR UPDATE")
                    .mapTo(Long.class)
                    .one();
            long after = decide(before);
            handle.execute("UPDATE account SET balance = ? WHERE id = 2", after);
            return after;
        }));

        assertThat(balances).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void queue() {
        List<Optional<Long>> taken = new ArrayList<>();
        jdbi.useTransaction(one -> {
            taken.add(nextTask(one));
            servers.jdbi().useTransaction(two -> taken.add(nextTask(two)));
        });

        assertThat(taken).containsExactly(Optional.of(1L), Optional.of(2L));
    }

    private static Optional<Long> nextTask(Handle handle) {
        Optional<Long> task = handle.createQuery(
                        "SELECT id FROM task WHERE NOT done ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED")
                .mapTo(Long.class)
                .findOne();
        return task;
    }

    @Test
    void advisoryLock() {
        List<Boolean> answers = new ArrayList<>();
        jdbi.useTransaction(one -> {
            answers.add(tryAdvisory(one));
            servers.jdbi().useTransaction(two -> answers.add(tryAdvisory(two)));
        });
        jdbi.useTransaction(three -> answers.add(tryAdvisory(three)));

        assertThat(answers).containsExactly(true, false, true);
    }

    private static boolean tryAdvisory(Handle handle) {
        boolean mine = handle.createQuery("SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0))")
                .bind(0, "report/monthly")
                .mapTo(Boolean.class)
                .one();
        return mine;
    }

    @Test
    void anAdvisoryLockIsGoneWithItsConnectionWhateverItsHolderDoes() {
        try (Handle holder = jdbi.open();
                Handle other = jdbi.open()) {
            holder.execute("SELECT pg_advisory_lock(42)");
            int session = holder.createQuery("SELECT pg_backend_pid()")
                    .mapTo(Integer.class)
                    .one();

            other.execute("SELECT pg_terminate_backend(?)", session);
            other.execute("SELECT pg_advisory_lock(42)");

            // The holder has heard of nothing so far, and may be in the middle of something with another system.
            assertThatThrownBy(() -> holder.execute("SELECT 1")).isInstanceOf(JdbiException.class);
        }
    }

    private record Document(String body, long version) {}

    @Test
    void compareAndSet() throws Exception {
        together(() -> {
            int written = 0;
            while (written == 0) {
                written = jdbi.withHandle(handle -> {
                    Document read = handle.createQuery("SELECT body, version FROM document WHERE id = 7")
                            .map((row, context) -> new Document(row.getString("body"), row.getLong("version")))
                            .one();
                    return handle.execute(
                            "UPDATE document SET body = ?, version = version + 1 WHERE id = 7 AND version = ?",
                            edited(read.body()),
                            read.version());
                });
            }
            return written;
        });

        assertThat(number("SELECT length(body) FROM document WHERE id = 7")).isEqualTo(CALLERS);
    }

    private static String edited(String body) {
        return body + "x";
    }

    @Test
    void outbox() {
        jdbi.useTransaction(handle -> {
            handle.execute("INSERT INTO charge (invoice_id, cents) VALUES (?, ?)", 43, 9900);
            handle.execute("INSERT INTO message (text) VALUES (?)", "receipt for invoice 43");
        });
        List<String> sent = new ArrayList<>();

        jdbi.useTransaction(handle -> {
            Optional<Map<String, Object>> next = handle.createQuery(
                            "SELECT id, text FROM message ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED")
                    .mapToMap()
                    .findOne();
            next.ifPresent(message -> {
                sent.add(message.get("id") + " " + message.get("text"));
                handle.execute("DELETE FROM message WHERE id = ?", message.get("id"));
            });
        });

        assertThat(sent).containsExactly("1 receipt for invoice 43");
        assertThat(number("SELECT count(*) FROM message")).isZero();
    }

    @Test
    void oneWorkerForAKey() throws Exception {
        List<ExecutorService> workers =
                Stream.generate(Executors::newSingleThreadExecutor).limit(3).toList();
        for (int order = 0; order < 100; order++) {
            String key = "invoice/" + order % 5;
            int number = order;
            ExecutorService worker = workers.get(Math.floorMod(key.hashCode(), workers.size()));
            worker.execute(() -> carryOut(key, number));
        }
        for (ExecutorService worker : workers) {
            worker.shutdown();
            assertThat(worker.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(seen).hasSize(5);
        assertThat(seen.values())
                .allSatisfy(numbers -> assertThat(numbers).isSorted().hasSize(20));
    }

    private void carryOut(String key, int number) {
        seen.computeIfAbsent(key, unknown -> new ArrayList<>()).add(number);
    }

    @Test
    void singleRedis() {
        try (RedisServers redis = RedisServers.start(1)) {
            String address = redis.uris()[0];
            try (LockClient locks = RedisLocks.connect(address)) {
                locks.withLease("report/monthly", Duration.ofSeconds(5), lease -> makeReport());
            }
            assertThat(made).containsExactly("report");
        }
    }

    private String makeReport() {
        made.add("report");
        return "report";
    }

    @Test
    void postgresLock() {
        DataSource dataSource = servers.dataSource();
        FenceGuard guard = FenceGuard.of(dataSource);
        try (LockClient locks = PostgresLocks.connect(dataSource)) {
            try (Lease lease = locks.acquire("invoice/46", Duration.ofSeconds(5))) {
                guard.writeOnce(
                        lease.token(),
                        handle -> handle.execute("INSERT INTO charge (invoice_id, cents) VALUES (?, ?)", 46, 9900));
            }
        }
        assertThat(number("SELECT cents FROM charge WHERE invoice_id = 46")).isEqualTo(9900);
    }

    @Test
    void quorumWithGuard() {
        String[] addresses = servers.redis().uris();
        FenceGuard guard = FenceGuard.of(jdbi);
        try (LockClient locks = guard.activating(RedisLocks.connect(addresses))) {
            try (Lease lease = locks.acquire("invoice/44", Duration.ofSeconds(5))) {
                guard.writeOnce(
                        lease.token(),
                        handle -> handle.execute("INSERT INTO charge (invoice_id, cents) VALUES (?, ?)", 44, 9900));
            }
        }
        assertThat(number("SELECT cents FROM charge WHERE invoice_id = 44")).isEqualTo(9900);
    }

    @Test
    void numberFromElsewhere() {
        FenceGuard guard = FenceGuard.of(jdbi);
        long first = 4_294_967_298L;
        long second = 4_294_967_301L;
        for (long number : new long[] {first, second}) {
            FencingToken token = FencingToken.of("invoice/45", number);
            guard.write(
                    token,
                    handle -> handle.execute(
                            "INSERT INTO charge VALUES (45, 100) ON CONFLICT (invoice_id) DO UPDATE SET cents = charge.cents + 100"));
        }

        assertThatThrownBy(() -> guard.write(FencingToken.of("invoice/45", first), handle -> {}))
                .isInstanceOf(StaleTokenException.class);
        assertThat(number("SELECT cents FROM charge WHERE invoice_id = 45")).isEqualTo(200);
    }

    private static long decide(long balance) {
        return balance + 1;
    }

    private <T> List<T> together(Callable<T> what) throws Exception {
        List<T> answers = new ArrayList<>();
        for (Future<T> answer : threads.invokeAll(
                IntStream.range(0, CALLERS).mapToObj(i -> what).toList())) {
            answers.add(answer.get());
        }
        return answers;
    }

    private long number(String query) {
        return jdbi.withHandle(
                handle -> handle.createQuery(query).mapTo(Long.class).one());
    }
}
