package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.servers.Persistence;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that asks a majority of five real nodes first. */
final class ThriftyTest {
    private static final String LOCK = "fencepost:lock:";

    private final RedisServers servers = RedisServers.start(5, Persistence.ALWAYS);

    @BeforeEach
    void format() {
        OnNodes.client(servers).format();
    }

    @AfterEach
    void stopServers() {
        servers.close();
    }

    @Test
    void aTurnCostsThreeFifthsOfTheRequests() {
        try (LockClient locks = OnNodes.client(servers).thrifty().connect()) {
            locks.acquire("first", SOON).close();
            OnNodes.awaitCounters(servers, "first");
            OnNodes.awaitNoLocks(servers);
            long before = requests();
            for (int i = 0; i < 20; i++) {
                locks.acquire("many", SOON).close();
            }
            OnNodes.awaitNoLocks(servers);

            assertThat(requests() - before).isBetween(20L * 3 * 2, 20L * 4 * 2);
        }
    }

    @Test
    void locksAreTakenAndTokensGrowWhenNodesThatWereAskedAreDown() {
        try (LockClient locks = OnNodes.client(servers).thrifty().connect()) {
            locks.acquire("first", SOON).close();
            List<FencingToken> tokens = new ArrayList<>();
            Lease lease = locks.acquire("r", SOON);
            tokens.add(lease.token());
            List<RedisServer> asked = holding("r");
            assertThat(asked).hasSize(3);
            lease.close();
            for (RedisServer node : asked.subList(0, 2)) {
                node.kill();
                for (int i = 0; i < 5; i++) {
                    Lease next = locks.acquire("r", SOON);
                    tokens.add(next.token());
                    next.close();
                }
            }

            assertThat(tokens).isSortedAccordingTo(FencingToken::compareTo).doesNotHaveDuplicates();
        }
    }

    @Test
    void aLeaseIsOnTheOtherNodesAfterItsFirstExtensionAndOutlivesTheLossOfThoseThatItWasOn() {
        Duration length = Duration.ofSeconds(4);
        try (LockClient locks = OnNodes.unhurried(servers)
                .nodeTimeout(Duration.ofSeconds(3))
                .thrifty()
                .lease(length)
                .autoExtend()
                .connect()) {
            locks.acquire("first", SOON).close();
            Lease lease = locks.acquire("r", SOON);
            List<RedisServer> asked = holding("r");
            assertThat(asked).hasSize(3);
            await().atMost(SOON).until(() -> holding("r").size() == 5);
            asked.get(0).kill();
            asked.get(1).kill();
            OnNodes.awaitPassed(asked.get(2), length.plusSeconds(1));

            assertThat(lease.isHeld()).isTrue();
            lease.close();
        }
    }

    private List<RedisServer> holding(String resource) {
        return servers.nodes().stream()
                .filter(node -> node.command("EXISTS", LOCK + resource).equals("1"))
                .toList();
    }

    private long requests() {
        return servers.nodes().stream().mapToLong(OnNodes::requests).sum();
    }
}
