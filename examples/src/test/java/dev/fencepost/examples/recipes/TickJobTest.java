package dev.fencepost.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockEvent;
import dev.fencepost.LockListener;
import dev.fencepost.examples.recipes.TickJob.Result;
import dev.fencepost.examples.recipes.TickJob.Step;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.redis.RedisLocks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Forty thousand notifications, and what becomes of them when the lock is lost in the middle. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TickJobTest {
    private static final Instant TICK = Instant.parse("2026-11-02T02:00:00Z");
    private static final long NOTIFICATIONS = 40_000;
    private static final long BATCH = 5_000;
    private static final int STEPS_BEFORE = 4;

    private final RecipeServers servers = RecipeServers.SHARED;
    private final Jdbi jdbi = servers.jdbi();

    @BeforeAll
    void createOutbox() {
        jdbi.useHandle(handle ->
                handle.execute("DROP TABLE IF EXISTS outbox; CREATE TABLE outbox (recipient bigint NOT NULL)"));
    }

    @BeforeEach
    void empty() {
        jdbi.useHandle(handle -> handle.execute("TRUNCATE outbox, job_tick"));
    }

    @Test
    void manyInstancesDoTheWorkOfATickOnce() throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (LockClient one = servers.connect();
                LockClient two = servers.connect()) {
            List<Future<Result>> runs = new ArrayList<>();
            for (LockClient locks : List.of(one, two, one, two)) {
                TickJob job = new TickJob("many", locks, FenceGuard.of(jdbi));
                runs.add(threads.submit(() -> job.run(TICK, TickJobTest::notifySome)));
            }
            List<Result> results = new ArrayList<>();
            for (Future<Result> run : runs) {
                results.add(run.get());
            }
            assertThat(results).containsOnlyOnce(Result.FINISHED);
            assertThat(results).isSubsetOf(Set.of(Result.FINISHED, Result.FINISHED_BEFORE, Result.ELSEWHERE));
            assertThat(new TickJob("many", one, FenceGuard.of(jdbi)).run(TICK, TickJobTest::notifySome))
                    .isEqualTo(Result.FINISHED_BEFORE);
        } finally {
            threads.shutdownNow();
        }
        assertThat(sent()).isEqualTo(new Sent(NOTIFICATIONS, NOTIFICATIONS));
    }

    /** Three instances that try at the same moment, with a node for each of them: the other two go away, as one does that tries once. */
    @Test
    void theWorkIsDoneAlsoByAnInstanceWhoseFirstTryCameToNothing() {
        AtomicBoolean refused = new AtomicBoolean();
        LockListener othersGoAway = event -> {
            if (event instanceof LockEvent.Attempted attempted
                    && attempted.result() == LockEvent.Result.CONTENDED
                    && refused.compareAndSet(false, true)) {
                servers.forgetLock(0, "job/split");
                servers.forgetLock(1, "job/split");
            }
        };
        LockClient client = RedisLocks.builder()
                .addresses(servers.redis().uris())
                .listener(othersGoAway)
                .connect();
        try (LockClient locks = client) {
            TickJob job = new TickJob("split", locks, FenceGuard.of(jdbi));
            servers.grantToAnother(0, job.resource());
            servers.grantToAnother(1, job.resource());

            assertThat(job.run(TICK, TickJobTest::notifySome)).isEqualTo(Result.FINISHED);
        }
        assertThat(refused).isTrue();
        assertThat(sent()).isEqualTo(new Sent(NOTIFICATIONS, NOTIFICATIONS));
    }

    @Test
    void aLockThatIsLostInTheMiddleSendsNothingTwice() {
        try (LockClient locks = servers.connect();
                LockClient others = servers.connect()) {
            List<Result> taken = new ArrayList<>();
            TickJob other = new TickJob("lost", others, FenceGuard.of(jdbi));
            Jdbi interrupted = interruptedBefore(STEPS_BEFORE + 1, () -> {
                servers.forgetLock(other.resource());
                taken.add(other.run(TICK, TickJobTest::notifySome));
            });

            Result result = new TickJob("lost", locks, FenceGuard.of(interrupted)).run(TICK, TickJobTest::notifySome);

            assertThat(result).isEqualTo(Result.TAKEN_OVER);
            assertThat(taken).containsExactly(Result.FINISHED);
        }
        assertThat(sent()).isEqualTo(new Sent(NOTIFICATIONS, NOTIFICATIONS));
    }

    @Test
    void theSameWithALockAloneIsTheIncident() {
        try (LockClient locks = servers.connect();
                LockClient others = servers.connect()) {
            Jdbi interrupted = interruptedBefore(STEPS_BEFORE + 1, () -> {
                servers.forgetLock("job/plain");
                notifyUnderALockAlone(others, jdbi);
            });

            notifyUnderALockAlone(locks, interrupted);
        }
        assertThat(sent()).isEqualTo(new Sent(2 * NOTIFICATIONS, NOTIFICATIONS));
    }

    @Test
    void aNodeThatFailsOverInTheMiddleAndComesBackEmptyIsNotNoticed() {
        try (LockClient locks = servers.connect();
                LockClient others = servers.connect()) {
            List<Result> tried = new ArrayList<>();
            TickJob other = new TickJob("node", others, FenceGuard.of(jdbi));
            Jdbi interrupted = interruptedBefore(STEPS_BEFORE + 1, () -> {
                servers.redis().node(0).restart();
                tried.add(other.run(TICK, TickJobTest::notifySome));
            });

            Result result = new TickJob("node", locks, FenceGuard.of(interrupted)).run(TICK, TickJobTest::notifySome);

            assertThat(tried).containsExactly(Result.ELSEWHERE);
            assertThat(result).isEqualTo(Result.FINISHED);
        }
        assertThat(sent()).isEqualTo(new Sent(NOTIFICATIONS, NOTIFICATIONS));
    }

    @Test
    void whoeverTakesOverGoesOnWhereTheLastOneWas() {
        AtomicInteger steps = new AtomicInteger();
        Step failing = (handle, position) -> {
            long next = notifySome(handle, position);
            if (steps.incrementAndGet() > STEPS_BEFORE) {
                throw new IllegalStateException("out of paper");
            }
            return next;
        };
        try (LockClient locks = servers.connect()) {
            TickJob job = new TickJob("failing", locks, FenceGuard.of(jdbi));

            assertThatThrownBy(() -> job.run(TICK, failing)).hasMessage("out of paper");
            assertThat(sent()).isEqualTo(new Sent(STEPS_BEFORE * BATCH, STEPS_BEFORE * BATCH));
            assertThat(job.run(TICK, TickJobTest::notifySome)).isEqualTo(Result.FINISHED);
        }
        assertThat(sent()).isEqualTo(new Sent(NOTIFICATIONS, NOTIFICATIONS));
    }

    /** One batch, into an outbox: what sends from there is not the job's business. */
    private static long notifySome(Handle handle, long position) {
        long next = Math.min(NOTIFICATIONS, position + BATCH);
        handle.execute("INSERT INTO outbox SELECT generate_series(?::bigint + 1, ?)", position, next);
        return next;
    }

    /** As it is found in the wild: correct, for as long as the lock is. */
    private static void notifyUnderALockAlone(LockClient locks, Jdbi jdbi) {
        Lease lease = locks.tryAcquire("job/plain").orElseThrow();
        try (lease) {
            long position = 0;
            while (position < NOTIFICATIONS) {
                long from = position;
                position = jdbi.inTransaction(handle -> notifySome(handle, from));
            }
        }
    }

    /** Connections before one of which something happens: whoever asks for it is as good as stopped meanwhile. */
    private Jdbi interruptedBefore(int which, Runnable what) {
        AtomicInteger opened = new AtomicInteger();
        return Jdbi.create(() -> {
            if (opened.incrementAndGet() == which) {
                what.run();
            }
            return servers.dataSource().getConnection();
        });
    }

    private record Sent(long notifications, long recipients) {}

    private Sent sent() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*), count(DISTINCT recipient) FROM outbox")
                .map((row, context) -> new Sent(row.getLong(1), row.getLong(2)))
                .one());
    }
}
