package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What closing a client ends, and what is left then: nothing. */
final class ClosingTest {
    /** Two for input and output, one for what is due later, Redisson's timer, and two for callbacks. */
    private static final int MOST_THREADS = 6;

    private static RedisServers servers;

    @BeforeAll
    static void startServers() {
        servers = RedisServers.start(3);
    }

    @AfterAll
    static void stopServers() {
        servers.close();
    }

    @AfterEach
    void nothingIsLeft() {
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void leasesAndWaitersEndAtOnce() {
        AtomicInteger lost = new AtomicInteger();
        try (LockClient other = OnNodes.client(servers).connect()) {
            LockClient locks = OnNodes.client(servers).autoExtend().connect();
            List<Lease> leases = IntStream.range(0, 50)
                    .mapToObj(i -> locks.acquire("mine-" + i, Duration.ZERO))
                    .toList();
            leases.forEach(lease -> lease.onLost(lost::incrementAndGet));
            Lease held = other.acquire("theirs", Duration.ZERO);
            List<CompletableFuture<?>> waiters = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                waiters.add(locks.acquireAsync("theirs", OnNodes.LONG).toCompletableFuture());
            }
            for (int i = 0; i < 10; i++) {
                waiters.add(inThread(() -> locks.acquire("theirs", OnNodes.LONG)));
            }
            OnNodes.awaitWatchers(servers, "theirs", 1);

            long before = System.nanoTime();
            locks.close();
            Duration took = Duration.ofNanos(System.nanoTime() - before);

            // They would have waited for minutes.
            assertThat(took).isLessThan(SOON);
            assertThat(leases).noneMatch(Lease::isHeld);
            assertThat(waiters)
                    .allSatisfy(waiter -> assertThat(waiter)
                            .failsWithin(SOON)
                            .withThrowableThat()
                            .havingCause()
                            .isInstanceOf(IllegalStateException.class)
                            .withMessage("the lock client is closed; create a new one"));
            assertThat(lost).hasValue(0);
            assertThat(held.isHeld()).isTrue();
            OnNodes.awaitWatchers(servers, "theirs", 0);
            held.close();
        }
    }

    @Test
    void closingDoesNotWaitLongForNodesThatAreSilent() {
        LockClient locks = RedisLocks.builder()
                .formatBlankNodes()
                .addresses(servers.uris())
                .lease(Duration.ofSeconds(5))
                .nodeTimeout(Duration.ofMillis(500))
                .connect();
        locks.acquire("unreleased", SOON);
        servers.nodes().forEach(RedisServer::pause);

        long before = System.nanoTime();
        locks.close();
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        servers.nodes().forEach(RedisServer::resume);

        // For the node timeout, and not until they answer, which is never.
        assertThat(took).isLessThan(SOON);
    }

    @Test
    void closingInTheMiddleOfAcquisitionsLeavesNothing() {
        for (int round = 0; round < 30; round++) {
            LockClient locks = OnNodes.client(servers).connect();
            AtomicInteger acquired = new AtomicInteger();
            String name = "round-" + round + "-";
            List<CompletableFuture<Integer>> workers = IntStream.range(0, 4)
                    .mapToObj(worker -> inThread(() -> {
                        for (int i = 0; ; i++) {
                            locks.acquire(name + worker + "-" + i, SOON);
                            acquired.incrementAndGet();
                        }
                    }))
                    .map(worker -> worker.thenApply(never -> 0))
                    .toList();
            await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(() -> acquired.get() > 20);

            locks.close();

            // The leases outlive the test.
            OnNodes.awaitNoLocks(servers);
            assertThat(workers)
                    .allSatisfy(worker -> assertThat(worker)
                            .failsWithin(SOON)
                            .withThrowableThat()
                            .havingCause()
                            .isInstanceOf(IllegalStateException.class)
                            .withMessage("the lock client is closed; create a new one"));
        }
    }

    @Test
    void theNumberOfThreadsIsConstantAndTheyEndWithTheClient() {
        // What the JVM and Netty start once for all clients is there after the first one.
        useHeavily(OnNodes.client(servers).connect()).close();
        await().atMost(SOON).untilAsserted(() -> assertThat(ownThreads()).isEmpty());
        List<String> before = OnNodes.threads();

        LockClient locks = useHeavily(OnNodes.client(servers).connect());
        for (int i = 0; i < 2; i++) {
            assertThat(ownThreads()).hasSizeLessThanOrEqualTo(MOST_THREADS);
            assertThat(OnNodes.threads()).hasSizeLessThanOrEqualTo(before.size() + MOST_THREADS);
            useHeavily(locks);
        }
        locks.close();
        await().atMost(SOON).untilAsserted(() -> assertThat(ownThreads()).isEmpty());
        await().atMost(SOON).untilAsserted(() -> assertThat(OnNodes.threads()).hasSizeLessThanOrEqualTo(before.size()));
    }

    private static LockClient useHeavily(LockClient locks) {
        List<CompletableFuture<Void>> uses = IntStream.range(0, 500)
                .mapToObj(i -> locks.acquireAsync("used-" + i % 50, SOON)
                        .thenAccept(Lease::close)
                        .toCompletableFuture())
                .toList();
        assertThat(uses).allSatisfy(use -> assertThat(use).succeedsWithin(SOON));
        return locks;
    }

    private static List<String> ownThreads() {
        return OnNodes.threads().stream()
                .filter(name -> name.startsWith("fencepost-") && !name.contains("output of"))
                .toList();
    }

    private interface Work {
        Object run();
    }

    private static CompletableFuture<Object> inThread(Work work) {
        CompletableFuture<Object> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                end.complete(work.run());
            } catch (RuntimeException e) {
                end.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return end;
    }
}
