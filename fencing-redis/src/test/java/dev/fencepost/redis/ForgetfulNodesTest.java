package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fencepost.LockClient;
import dev.fencepost.LockEvent;
import dev.fencepost.servers.Persistence;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * One node after the other forgets, in every way that is known, while several clients lock the same resources: nobody misses it, no token repeats, no two hold the same lock, and the node is
 * back by itself.
 */
final class ForgetfulNodesTest {
    private static final boolean SOAK = Boolean.getBoolean("fencepost.soak");
    private static final int ROUNDS = SOAK ? 60 : 1;
    private static final int NODES = 5;
    private static final Duration LEASE = Duration.ofSeconds(1);
    /** Its quarantine and a second; more where the machine is busy with other things. */
    private static final Duration LONGEST_AWAY = SOAK ? LEASE.plusSeconds(1) : OnNodes.SOON;

    private static final List<String> RESOURCES = List.of("invoice/1", "invoice/2");

    private final Queue<LockEvent> events = new ConcurrentLinkedQueue<>();

    @TempDir(cleanup = CleanupMode.ALWAYS)
    Path scratch;

    @Test
    void nodesThatForgetOneAfterTheOtherAreMissedByNobodyAndComeBackByThemselves() throws Exception {
        try (RedisServers servers = RedisServers.start(NODES, Persistence.ALWAYS);
                LockClient one = client(servers);
                LockClient other = client(servers);
                Load load = new Load(List.of(one, other), RESOURCES)) {
            int losses = 0;
            for (int round = 0; round < ROUNDS; round++) {
                for (Loss loss : Loss.values()) {
                    lose(servers.node(losses % NODES), loss, load);
                    losses++;
                }
            }
            load.stop();

            assertThat(load.violations()).isEmpty();
            assertThat(load.longestWaitMillis())
                    .as("the longest wait for a lock, in ms")
                    .isLessThan(LONGEST_AWAY.toMillis());
            List<LockEvent.NodeRejoined> returns = returns();
            System.out.printf(
                    "%d times a node forgot: %d locks, the longest wait for one %d ms; nodes were away for %d ms at most%n",
                    losses,
                    load.size(),
                    load.longestWaitMillis(),
                    returns.stream()
                            .mapToLong(back -> back.after().toMillis())
                            .max()
                            .orElseThrow());
            assertThat(returns)
                    .hasSizeGreaterThanOrEqualTo(losses)
                    .allSatisfy(back -> assertThat(back.after()).isLessThan(LONGEST_AWAY));
        }
    }

    /** Waits until there has been some load before and while the node is away, and until it is back. */
    private void lose(RedisServer node, Loss loss, Load load) throws Exception {
        Path copy = Files.createTempDirectory(scratch, "copy");
        loss.prepare(node, copy);
        awaitMore(load);
        String before = Loss.life(node);
        loss.happenTo(node, copy);
        awaitMore(load);
        Loss.awaitReturn(node, before);
    }

    private static void awaitMore(Load load) {
        int enough = load.size() + 50;
        await().atMost(OnNodes.SOON).until(() -> load.size() >= enough);
    }

    private List<LockEvent.NodeRejoined> returns() {
        return events.stream()
                .filter(LockEvent.NodeRejoined.class::isInstance)
                .map(LockEvent.NodeRejoined.class::cast)
                .toList();
    }

    private LockClient client(RedisServers servers) {
        return RedisLocks.builder()
                .addresses(servers.uris())
                .formatBlankNodes()
                .lease(LEASE)
                .maxLease(LEASE)
                .connectTimeout(OnNodes.SOON)
                .listener(events::add)
                .connect();
    }
}
