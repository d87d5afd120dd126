package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fencepost.FencedLock;
import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LeaseLostException;
import dev.fencepost.LockClient;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lock as {@code java.util.concurrent} knows it. */
// How a lock is left is what is tested here: with no try around it.
@SuppressWarnings("LockNotBeforeTry")
final class FencedLockTest {
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
        locks = OnNodes.client(servers).connect();
        other = OnNodes.client(servers).connect();
    }

    @AfterEach
    void disconnect() {
        locks.close();
        other.close();
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void aThreadThatHoldsTheLockTakesItAgainWithTheSameToken() throws InterruptedException {
        FencedLock lock = locks.asLock("again");
        lock.lock();
        FencingToken token = lock.token();

        lock.lock();
        assertThat(lock.tryLock()).isTrue();
        assertThat(lock.tryLock(0, TimeUnit.SECONDS)).isTrue();
        lock.lockInterruptibly();
        assertThat(lock.token()).isEqualTo(token);

        for (int depth = 5; depth > 0; depth--) {
            assertThat(lock.isHeldByCurrentThread()).isTrue();
            assertThat(other.tryAcquire("again")).isEmpty();
            lock.unlock();
        }
        assertThat(lock.isHeldByCurrentThread()).isFalse();
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void theNextHoldHasALargerToken() {
        FencedLock lock = locks.asLock("next");
        lock.lock();
        long first = lock.token().value();
        lock.unlock();
        lock.lock();

        assertThat(lock.token().value()).isGreaterThan(first);
        lock.unlock();
    }

    @Test
    void onlyTheThreadThatHoldsTheLockMayUnlockIt() throws Exception {
        FencedLock lock = locks.asLock("owned");
        lock.lock();

        inAnotherThread(() -> {
            assertThat(lock.isHeldByCurrentThread()).isFalse();
            assertThat(lock.tryLock()).isFalse();
            assertThatThrownBy(lock::token).isInstanceOf(IllegalMonitorStateException.class);
            assertThatThrownBy(lock::unlock)
                    .isInstanceOf(IllegalMonitorStateException.class)
                    .hasMessageContaining("'owned' is not locked by thread another");
            return null;
        });

        assertThat(lock.isHeldByCurrentThread()).isTrue();
        lock.unlock();
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void aLossIsToldOnReentryAndOnUnlock() {
        try (LockClient brief = RedisLocks.builder()
                .formatBlankNodes()
                .addresses(servers.uris())
                .lease(Duration.ofSeconds(2))
                .connect()) {
            FencedLock lock = brief.asLock("brief");
            lock.lock();
            await().pollInSameThread().atMost(SOON).until(() -> !lock.isHeldByCurrentThread());

            assertThatThrownBy(lock::lock)
                    .isInstanceOf(LeaseLostException.class)
                    .hasMessageContaining("lost while this thread held the lock");
            assertThatThrownBy(lock::tryLock).isInstanceOf(LeaseLostException.class);
            assertThatThrownBy(lock::unlock)
                    .isInstanceOf(LeaseLostException.class)
                    .hasMessageContaining("lost before it was unlocked");

            lock.lock();
            assertThat(lock.isHeldByCurrentThread()).isTrue();
            lock.unlock();
        }
    }

    @Test
    void aThreadWhoseLeaseWasLostIsNotTakenForTheOneThatHoldsItNow() throws Exception {
        try (LockClient brief = RedisLocks.builder()
                .formatBlankNodes()
                .addresses(servers.uris())
                .lease(Duration.ofSeconds(3))
                .autoExtend()
                .connect()) {
            FencedLock lock = brief.asLock("succeeded");
            lock.lock();
            FencingToken stale = lock.token();
            OnNodes.lose(servers.nodes(), "succeeded");
            await().pollInSameThread().atMost(SOON).until(() -> !lock.isHeldByCurrentThread());

            inAnotherThread(() -> {
                lock.lock();
                assertThat(lock.token().value()).isGreaterThan(stale.value());
                lock.unlock();
                return null;
            });

            assertThat(lock.token()).isEqualTo(stale);
            assertThatThrownBy(lock::unlock).isInstanceOf(LeaseLostException.class);
        }
    }

    @Test
    void tryLockDoesNotWaitForAnother() {
        Lease held = other.acquire("taken", Duration.ZERO);

        assertThat(locks.asLock("taken").tryLock()).isFalse();
        held.close();
    }

    @Test
    void tryLockWaitsForAsLongAsItIsTold() throws Exception {
        FencedLock lock = locks.asLock("awaited");
        Lease held = other.acquire("awaited", Duration.ZERO);
        assertThat(lock.tryLock(20, TimeUnit.MILLISECONDS)).isFalse();

        CompletableFuture<Void> release = CompletableFuture.runAsync(() -> {
            OnNodes.awaitWatchers(servers, "awaited", 1);
            held.close();
        });

        assertThat(lock.tryLock(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        lock.unlock();
        assertThat(release).succeedsWithin(SOON);
    }

    @Test
    void anInterruptEndsAnInterruptibleWaitAndLeavesNothing() throws InterruptedException {
        FencedLock lock = locks.asLock("interruptible");
        Lease held = other.acquire("interruptible", Duration.ZERO);
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                lock.lockInterruptibly();
                flag.completeExceptionally(new AssertionError("locked"));
            } catch (InterruptedException e) {
                flag.complete(Thread.currentThread().isInterrupted());
            }
        });
        waiter.start();
        OnNodes.awaitWatchers(servers, "interruptible", 1);
        waiter.interrupt();

        assertThat(flag).succeedsWithin(SOON).isEqualTo(false);
        waiter.join();
        held.close();
    }

    @Test
    void anInterruptBeforeTheCallIsSeenToo() throws Exception {
        FencedLock lock = locks.asLock("interrupted-before");

        inAnotherThread(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> lock.tryLock(1, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            return null;
        });
    }

    @Test
    void lockWaitsOnThroughAnInterruptAndKeepsItForLater() throws InterruptedException {
        FencedLock lock = locks.asLock("uninterruptible");
        Lease held = other.acquire("uninterruptible", Duration.ZERO);
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            lock.lock();
            boolean interrupted = Thread.currentThread().isInterrupted();
            lock.unlock();
            flag.complete(interrupted);
        });
        waiter.start();
        OnNodes.awaitWatchers(servers, "uninterruptible", 1);
        waiter.interrupt();
        await().atMost(SOON).until(() -> !waiter.isInterrupted());
        held.close();

        assertThat(flag).succeedsWithin(SOON).isEqualTo(true);
        waiter.join();
    }

    @Test
    void tooFewNodesAreNoAnswer() {
        try (LockClient brief =
                OnNodes.client(servers).nodeTimeout(Duration.ofMillis(500)).connect()) {
            FencedLock lock = brief.asLock("no-quorum");
            servers.nodes().forEach(RedisServer::pause);

            assertThatThrownBy(lock::tryLock).isInstanceOf(QuorumUnavailableException.class);
        } finally {
            servers.nodes().forEach(RedisServer::resume);
        }
    }

    @Test
    void thereAreNoConditions() {
        assertThatThrownBy(locks.asLock("condition")::newCondition).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void oneThreadAtATimeIsInside() {
        FencedLock lock = locks.asLock("counted");
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        IntStream.range(0, 8).parallel().forEach(thread -> {
            for (int i = 0; i < 25; i++) {
                lock.lock();
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                inside.decrementAndGet();
                lock.unlock();
            }
        });

        assertThat(most).hasValue(1);
    }

    private static void inAnotherThread(Callable<Void> work) throws InterruptedException, ExecutionException {
        FutureTask<Void> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "another");
        thread.start();
        thread.join(SOON.toMillis());
        task.get();
    }
}
