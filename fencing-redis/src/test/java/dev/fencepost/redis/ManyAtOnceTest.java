package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More acquisitions at one moment than nodes answer within the node timeout. */
final class ManyAtOnceTest {
    private static final int LOCKS = 10_000;
    private static final Duration WAIT = Duration.ofMinutes(2);

    private final RedisServers servers = RedisServers.start(3);

    @AfterEach
    void stop() {
        servers.close();
    }

    @Test
    void tenThousandLocksAskedForAtOneMomentCostNoMoreThanOneAfterTheOther() {
        try (LockClient locks = RedisLocks.builder()
                .formatBlankNodes()
                .addresses(servers.uris())
                .lease(Duration.ofMinutes(5))
                .connect()) {
            long before = mostRequests();
            long began = System.nanoTime();
            List<CompletableFuture<Lease>> asked = IntStream.range(0, LOCKS)
                    .mapToObj(n -> locks.acquireAsync("at-once-" + n, WAIT).toCompletableFuture())
                    .toList();
            assertThat(CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(WAIT);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            long requests = mostRequests() - before;

            System.out.printf(
                    "%,d locks asked for at one moment: all held after %,d ms, %.2f requests a node and lock%n",
                    LOCKS, took.toMillis(), requests / (double) LOCKS);
            assertThat(asked).allMatch(lease -> lease.join().isHeld());
            // One grant each. What is more is attempts that a standstill of this machine made fail.
            assertThat(requests).isLessThan(LOCKS * 3 / 2);
            // While the client is there: one that is closed waits no longer than the node timeout for all these.
            asked.forEach(lease -> lease.join().close());
            OnNodes.awaitNoLocks(servers);
        }
    }

    private long mostRequests() {
        return servers.nodes().stream().mapToLong(OnNodes::requests).max().orElseThrow();
    }
}
