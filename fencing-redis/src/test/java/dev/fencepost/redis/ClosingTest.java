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
        try (LockClient other = RedisLocks.connect(servers.uris())) {
            LockClient locks =
                    RedisLocks.builder().addresses(servers.uris()).autoExtend().connect();
            List<Lease> leases = IntStream.range(0, 50)
                    .mapToObj(i -> locks.acquire("mine-" + i, Duration.ZERO))
                    .toList();
            leases.forEach(lease -> lease.onLost(lost::incrementAndGet));
            Lease held = other.acquire("theirs", Duration.ZERO);
            List<CompletableFuture<?>> waiters = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                waiters.add(locks.acquireAsync("theirs", Duration.ofMinutes(1)).toCompletableFuture());
            }
            for (int i = 0; i < 10; i++) {
                waiters.add(inThread(() -> locks.acquire("theirs", Duration.ofMinutes(1))));
            }
            OnNodes.awaitWatchers(servers, "theirs", 1);

            long before = System.nanoTime();
            locks.close();
            Duration took = Duration.ofNanos(System.nanoTime() - before);

            assertThat(took).isLessThan(Duration.ofSeconds(2));
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
                .addresses(servers.uris())
                .lease(Duration.ofSeconds(2))
                .connect();
        locks.acquire("unreleased", Duration.ZERO);
        servers.nodes().forEach(RedisServer::pause);

        long before = System.nanoTime();
        locks.close();
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        servers.nodes().forEach(RedisServer::resume);

        assertThat(took).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void closingInTheMiddleOfAcquisitionsLeavesNothing() {
        for (int round = 0; round < 30; round++) {
            LockClient locks = RedisLocks.connect(servers.uris());
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

            // The leases last for half a minute, and the test does not.
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
        useHeavily(RedisLocks.connect(servers.uris())).close();
        await().atMost(SOON).until(() -> ownThreads().isEmpty());
        List<String> before = OnNodes.threads();

        LockClient locks = useHeavily(RedisLocks.connect(servers.uris()));
        List<String> after = ownThreads();
        useHeavily(locks);

        assertThat(ownThreads()).isSubsetOf(after);
        assertThat(after).hasSizeLessThanOrEqualTo(6).allMatch(name -> name.startsWith("fencepost-"));
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
                .filter(name -> name.startsWith("fencepost-") || name.contains("redisson") || name.contains("netty"))
                .filter(name -> !name.contains("output of"))
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
