package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Lease;
import dev.fencepost.LeaseLostException;
import dev.fencepost.LockClient;
import dev.fencepost.servers.RedisServers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An application that shuts its executor down before the client that uses it: nothing is told any more, and everything else goes on. */
final class RejectingExecutorTest {
    private static RedisServers servers;

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
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
        locks = OnNodes.client(servers).executor(executor).listener(event -> {}).connect();
    }

    @AfterEach
    void disconnect() {
        locks.close();
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void leasesAreTakenReleasedAndHandedOver() {
        Lease lease = locks.acquire("handed-over", SOON);
        CompletableFuture<Lease> next = CompletableFuture.supplyAsync(() -> locks.acquire("handed-over", SOON));
        executor.shutdown();
        lease.close();

        assertThat(next).succeedsWithin(SOON);
        next.join().close();
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void aLossEndsTheLeaseEvenIfNobodyCanBeTold() {
        Lease lease = locks.acquire("lost", SOON);
        lease.onLost(() -> {});
        executor.shutdown();
        OnNodes.lose(servers.nodes(), "lost");
        assertThatThrownBy(() -> lease.extend(OnNodes.LONG)).isInstanceOf(LeaseLostException.class);

        assertThat(lease.isHeld()).isFalse();
        assertThat(CompletableFuture.supplyAsync(() -> locks.acquire("lost", SOON)))
                .succeedsWithin(SOON);
    }

    @Test
    void aStageThatCannotBeCompletedThereFailsAndKeepsNothing() {
        executor.shutdown();

        assertThat(locks.acquireAsync("stage", SOON).toCompletableFuture())
                .failsWithin(SOON)
                .withThrowableThat()
                .withRootCauseInstanceOf(RejectedExecutionException.class);
        OnNodes.awaitNoLocks(servers);
    }
}
