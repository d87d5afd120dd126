package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fencepost.AcquireInterruptedException;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Acquisitions that block no thread, and that are given up before they end. */
final class AsyncLocksTest {
    private static final int WAITERS = 200;

    private static RedisServers servers;

    private LockClient locks;
    private LockClient other;

    @BeforeAll
    static void startServers() {
        servers = RedisServers.start(3);
    }

    @AfterAll
    static void stopServers() {
        servers.close();
    }

    @BeforeEach
    void connect() {
        locks = client().connect();
        other = client().connect();
    }

    @AfterEach
    void disconnect() {
        locks.close();
        other.close();
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void aLockThatIsFreeIsTakenWithoutBlocking() {
        Lease lease = join(locks.acquireAsync("free", Duration.ZERO).toCompletableFuture());

        assertThat(lease.isHeld()).isTrue();
        assertThat(other.tryAcquire("free")).isEmpty();
    }

    @Test
    void aLockThatIsHeldByAnotherClientIsRefusedWithoutBlocking() {
        other.acquire("held", Duration.ZERO);

        assertThat(join(locks.tryAcquireAsync("held").toCompletableFuture())).isEmpty();
    }

    @Test
    void theCallReturnsWhileNoNodeAnswersAndTheStageCompletesOnceTheyDo() {
        servers.nodes().forEach(RedisServer::pause);
        List<CompletableFuture<Lease>> leases = IntStream.range(0, 100)
                .mapToObj(i -> locks.acquireAsync("silent-" + i, SOON).toCompletableFuture())
                .toList();

        assertThat(leases).noneMatch(CompletableFuture::isDone);
        servers.nodes().forEach(RedisServer::resume);

        assertThat(leases).allSatisfy(lease -> assertThat(join(lease).isHeld()).isTrue());
    }

    @Test
    void waitingCostsNoThread() {
        Lease held = other.acquire("queue", Duration.ZERO);
        join(locks.tryAcquireAsync("warm-up").toCompletableFuture())
                .orElseThrow()
                .close();
        List<String> before = OnNodes.threads();

        List<CompletableFuture<Void>> waiters = IntStream.range(0, WAITERS)
                .mapToObj(i -> locks.acquireAsync("queue", SOON)
                        .thenAccept(Lease::close)
                        .toCompletableFuture())
                .toList();
        OnNodes.awaitWatchers(servers, "queue", 1);

        // A few may have been started late, whoever needed them first: by no means one for each waiter.
        assertThat(OnNodes.threads()).hasSizeLessThan(before.size() + WAITERS / 20);
        held.close();
        assertThat(waiters).allSatisfy(AsyncLocksTest::join);
    }

    @Test
    void whatDependsOnAStageRunsOnTheExecutorOfTheApplication() {
        ExecutorService own = Executors.newSingleThreadExecutor(work -> new Thread(work, "of the application"));
        try (LockClient mine = client().executor(own).connect()) {
            servers.nodes().forEach(RedisServer::pause);
            CompletableFuture<String> ranOn = mine.acquireAsync("executor", SOON)
                    .thenApply(lease -> Thread.currentThread().getName())
                    .toCompletableFuture();
            servers.nodes().forEach(RedisServer::resume);

            assertThat(join(ranOn)).isEqualTo("of the application");
        } finally {
            own.shutdown();
        }
    }

    @Test
    void cancellingAWaitLeavesNeitherLockNorSubscription() {
        Lease held = other.acquire("cancelled", Duration.ZERO);
        CompletableFuture<Lease> waiting = locks.acquireAsync("cancelled", SOON).toCompletableFuture();
        OnNodes.awaitWatchers(servers, "cancelled", 1);

        waiting.cancel(false);
        OnNodes.awaitWatchers(servers, "cancelled", 0);
        held.close();

        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void cancellingWhileTheNodesAreSilentLeavesNothingOnceTheyAnswer() {
        servers.nodes().forEach(RedisServer::pause);
        locks.acquireAsync("unanswered", SOON).toCompletableFuture().cancel(false);
        servers.nodes().forEach(RedisServer::resume);

        OnNodes.awaitCounters(servers, "unanswered");
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void anInterruptedWaitEndsAtOnceAndLeavesNothing() throws InterruptedException {
        Lease held = other.acquire("interrupted", Duration.ZERO);

        Interrupted waiter = Interrupted.waitingFor(locks, "interrupted");
        OnNodes.awaitWatchers(servers, "interrupted", 1);
        waiter.interrupt();

        assertThat(waiter.failure())
                .isInstanceOf(AcquireInterruptedException.class)
                .hasMessage("interrupted while waiting to lock 'interrupted'");
        assertThat(waiter.sawItsFlag()).isTrue();
        OnNodes.awaitWatchers(servers, "interrupted", 0);
        held.close();
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void aThreadThatIsInterruptedWhileTheNodesAreSilentDoesNotWaitForThem() throws InterruptedException {
        servers.nodes().forEach(RedisServer::pause);
        Interrupted waiter = Interrupted.waitingFor(locks, "hung");
        waiter.interrupt();

        assertThat(waiter.failure()).isInstanceOf(AcquireInterruptedException.class);
        servers.nodes().forEach(RedisServer::resume);
        OnNodes.awaitCounters(servers, "hung");
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void anInterruptAtAnyMomentEitherEndsTheAcquisitionOrComesTooLateForIt() throws Exception {
        Random random = new Random(7);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Thread thread = threads.submit(Thread::currentThread).get();
        int interrupted = 0;
        int spread = 1_500_000;
        for (int i = 0; i < 500; i++) {
            String resource = "any-" + i;
            CountDownLatch begun = new CountDownLatch(1);
            Future<Boolean> took = threads.submit(() -> tookAndClosed(resource, begun));
            begun.await();
            long until = System.nanoTime() + random.nextInt(spread);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            thread.interrupt();
            boolean tooLate = took.get();
            interrupted += tooLate ? 0 : 1;
            // Stays about where the acquisition ends, however long that takes on this machine.
            spread = Math.max(100_000, tooLate ? spread / 10 * 9 : spread / 10 * 11);
        }
        threads.shutdown();

        // The leases outlive the test: one that nobody closed would be seen.
        assertThat(interrupted).isBetween(1, 499);
        OnNodes.awaitNoLocks(servers);
    }

    private boolean tookAndClosed(String resource, CountDownLatch begun) {
        try {
            begun.countDown();
            locks.acquire(resource, SOON).close();
            return true;
        } catch (AcquireInterruptedException e) {
            return false;
        } finally {
            // An interrupt that came too late is not for the next.
            Thread.interrupted();
        }
    }

    /** A thread that acquires until it is interrupted. */
    private static final class Interrupted {
        private final Thread thread;
        private final List<Exception> failures = new ArrayList<>();
        private boolean flag;

        private Interrupted(LockClient locks, String resource) {
            thread = new Thread(() -> {
                try {
                    locks.acquire(resource, SOON);
                } catch (AcquireInterruptedException e) {
                    failures.add(e);
                    flag = Thread.currentThread().isInterrupted();
                }
            });
        }

        static Interrupted waitingFor(LockClient locks, String resource) {
            Interrupted waiter = new Interrupted(locks, resource);
            waiter.thread.start();
            await().atMost(SOON).until(() -> waiter.thread.getState() == Thread.State.WAITING);
            return waiter;
        }

        void interrupt() throws InterruptedException {
            thread.interrupt();
            thread.join(SOON.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }

        Exception failure() {
            return failures.get(0);
        }

        boolean sawItsFlag() {
            return flag;
        }
    }

    private static RedisLocksBuilder client() {
        return OnNodes.client(servers);
    }

    private static <T> T join(CompletableFuture<T> stage) {
        assertThat(stage).succeedsWithin(SOON);
        return stage.join();
    }
}
