package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fencepost.Lease;
import dev.fencepost.LeaseLostException;
import dev.fencepost.LockClient;
import dev.fencepost.LockEvent;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a lease ends without being closed, and who is told. */
final class LeaseLossTest {
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static RedisServers servers;

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final List<LockEvent> events = new CopyOnWriteArrayList<>();
    private LockClient locks;

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
        locks = RedisLocks.builder()
                .formatBlankNodes()
                .addresses(servers.uris())
                .lease(LEASE)
                .executor(executor)
                .listener(events::add)
                .connect();
    }

    @AfterEach
    void disconnect() {
        servers.nodes().forEach(RedisServer::resume);
        locks.close();
        executor.shutdown();
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void aLossIsToldOnceAndInTimeEvenIfNoNodeAnswers() throws Exception {
        AtomicInteger lost = new AtomicInteger();
        CompletableFuture<Long> at = new CompletableFuture<>();
        long began = System.nanoTime();
        Lease lease = locks.acquire("silent", SOON);
        lease.onLost(() -> {
            at.complete(System.nanoTime());
            lost.incrementAndGet();
        });
        servers.nodes().forEach(RedisServer::pause);

        // The allowance for clock drift is 1 % and 2 ms. What comes on top is for a busy machine; by a clock of its
        // own, HeldLeaseTest
        // has the moment exactly.
        Duration after = Duration.ofNanos(at.get(SOON.multipliedBy(2).toSeconds(), TimeUnit.SECONDS) - began);
        assertThat(after).isBetween(LEASE.minusMillis(22), LEASE.plus(SOON));
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.remaining()).isZero();

        assertThatThrownBy(() -> lease.extend(LEASE))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("its time was up");
        lease.close();
        servers.nodes().forEach(RedisServer::resume);
        flush();
        assertThat(lost).hasValue(1);
    }

    @Test
    void theHolderGivesUpBeforeTheNodesDo() {
        Lease lease = locks.acquire("safe-side", SOON);
        await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(() -> {
            boolean held = lease.isHeld();
            // Asked after: had a node freed the lock while the holder still counted on it, this would show it.
            assertThat(held && OnNodes.owners(servers, "safe-side").contains("(nil)") && lease.isHeld())
                    .isFalse();
            return !held;
        });
    }

    @Test
    void whoAsksAfterTheLossIsToldAtOnceAndOnce() throws Exception {
        Lease lease = locks.acquire("late", SOON);
        await().atMost(SOON).until(() -> !lease.isHeld());
        AtomicInteger lost = new AtomicInteger();

        lease.onLost(lost::incrementAndGet);

        flush();
        assertThat(lost).hasValue(1);
    }

    @Test
    void aLeaseThatIsClosedIsNeverLost() throws Exception {
        AtomicInteger lost = new AtomicInteger();
        Lease lease = locks.acquire("closed", SOON);
        lease.onLost(lost::incrementAndGet);
        lease.close();
        lease.onLost(lost::incrementAndGet);
        OnNodes.awaitPassed(servers.node(0), LEASE);

        flush();
        assertThat(lost).hasValue(0);
        assertThat(events).noneMatch(LockEvent.Lost.class::isInstance).anyMatch(LockEvent.Released.class::isInstance);
    }

    @Test
    void aLeaseThatAQuorumForgotIsLostBeforeItsTimeAndToldOnce() throws Exception {
        AtomicInteger lost = new AtomicInteger();
        Lease lease = locks.acquire("forgotten", SOON);
        lease.onLost(lost::incrementAndGet);
        OnNodes.lose(servers.nodes(), "forgotten");

        assertThatThrownBy(() -> lease.extend(LEASE)).isInstanceOf(LeaseLostException.class);
        OnNodes.awaitPassed(servers.node(0), LEASE);

        flush();
        assertThat(lost).hasValue(1);
        assertThat(events.stream().filter(LockEvent.Lost.class::isInstance))
                .singleElement()
                .satisfies(event -> assertThat(((LockEvent.Lost) event).reason())
                        .startsWith("a quorum of nodes does not hold it any more"));
    }

    @Test
    void whatFailsAtALossDoesNotKeepOthersFromBeingTold() {
        AtomicInteger lost = new AtomicInteger();
        Lease lease = locks.acquire("failing", SOON);
        lease.onLost(() -> {
            throw new IllegalStateException("on purpose");
        });
        lease.onLost(lost::incrementAndGet);

        await().atMost(SOON).untilAsserted(() -> assertThat(lost).hasValue(1));
    }

    @Test
    void workUnderALeaseGetsItsTokenAndReturnsItsResult() {
        String result = locks.withLease("work", SOON, lease -> "done under " + lease.token());

        assertThat(result).startsWith("done under work#");
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void workThatFailsGivesTheLockBackAndFailsAsItDid() {
        assertThatThrownBy(() -> locks.withLease("failing-work", SOON, lease -> {
                    throw new IOException("on purpose");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("on purpose");
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void workIsToldWhenItsLeaseIsLostAndStillReturns() throws Exception {
        boolean told = locks.withLease("long-work", SOON, lease -> {
            CountDownLatch lost = new CountDownLatch(1);
            lease.onLost(lost::countDown);
            return lost.await(SOON.toSeconds(), TimeUnit.SECONDS) && !lease.isHeld();
        });

        assertThat(told).isTrue();
    }

    /** Waits until what was handed to the executor before has run. */
    private void flush() throws Exception {
        executor.submit(() -> {}).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
}
