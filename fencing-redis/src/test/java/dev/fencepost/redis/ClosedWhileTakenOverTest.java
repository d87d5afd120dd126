package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.LONG;
import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockEvent;
import dev.fencepost.redis.internal.Connecting;
import dev.fencepost.redis.internal.Keys;
import dev.fencepost.redis.internal.NodeAddress;
import dev.fencepost.redis.internal.Wiring;
import dev.fencepost.servers.RedisServers;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.QuorumLocks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A client that is closed in the moment in which one of its leases goes over to the next in line. */
final class ClosedWhileTakenOverTest {
    private static final LockSettings SETTINGS = new LockSettings(
            new LockSettings.Leases(LONG, LONG, 0.01, Optional.empty()),
            LockSettings.DEFAULT.retry(),
            Duration.ofSeconds(5),
            new LockSettings.Recovery(true, true));

    private final CompletableFuture<Void> between = new CompletableFuture<>();
    private final CompletableFuture<Void> goOn = new CompletableFuture<>();

    @Test
    void nothingStaysLocked() {
        try (RedisServers servers = RedisServers.start(3)) {
            LockClient locks = connect(servers);
            Lease held = locks.acquire("r", SOON);
            CompletableFuture<Lease> first = locks.acquireAsync("r", LONG).toCompletableFuture();
            CompletableFuture<Lease> second = locks.acquireAsync("r", LONG).toCompletableFuture();
            held.close();
            assertThat(first).succeedsWithin(SOON);
            CompletableFuture<Void> passedOn = CompletableFuture.runAsync(first.join()::close);
            assertThat(between).succeedsWithin(SOON);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(locks::close);
            assertThat(second).failsWithin(SOON);
            closed.applyToEither(
                            new CompletableFuture<Void>().completeOnTimeout(null, 1, TimeUnit.SECONDS),
                            over -> goOn.complete(null))
                    .join();

            assertThat(passedOn).succeedsWithin(SOON);
            assertThat(closed).succeedsWithin(SOON);
            OnNodes.awaitNoLocks(servers);
        }
    }

    /** Stops whoever releases the second lease, when it is known who has it next. */
    private final class Stop implements EventSink {
        private int released;

        @Override
        public void emit(Supplier<LockEvent> event) {
            if (event.get() instanceof LockEvent.Released && ++released == 2) {
                between.complete(null);
                goOn.join();
            }
        }
    }

    private LockClient connect(RedisServers servers) {
        List<NodeAddress> addresses = servers.nodes().stream()
                .map(node -> NodeAddress.parse(node.uri()))
                .toList();
        Wiring wiring = new Wiring(Optional.empty());
        var nodes = wiring.nodes(
                addresses, new Keys("fencepost"), Connecting.within(SOON).askingForFsync(), EventSink.NONE);
        LockClient locks = QuorumLocks.over(
                nodes, SETTINGS, Environment.of(wiring.scheduler(), wiring.executor()), new Stop(), wiring::close);
        wiring.connect(QuorumLocks.quorum(addresses.size()), SOON);
        return locks;
    }
}
