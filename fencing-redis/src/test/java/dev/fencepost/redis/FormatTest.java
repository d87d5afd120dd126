package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.servers.Persistence;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How nodes are made a cluster, and what is left to do where so many have forgotten that the others cannot bring them back. */
final class FormatTest {
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final RedisServers servers = RedisServers.start(3, Persistence.ALWAYS);

    @AfterEach
    void stop() {
        servers.close();
    }

    @Test
    void everyTokenIsBeyondTheFloor() {
        builder().format(7_000);

        try (LockClient locks = builder().connect()) {
            assertThat(tokenOf(locks)).isEqualTo(7_001);
        }
    }

    @Test
    void blankNodesAreNotUsedUnlessSomebodySaysSo() {
        assertThatThrownBy(() -> builder().connectTimeout(LONGEST).connect())
                .isInstanceOf(QuorumUnavailableException.class)
                .hasMessageContaining("if the nodes were never used, make a cluster of them with format(), once");
    }

    @Test
    void aClusterIsNotFormattedAgain() {
        builder().format();

        assertThatThrownBy(() -> builder().format())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("makes a cluster already");
    }

    @Test
    void allNodesHaveToBeThere() {
        servers.node(1).kill();

        assertThatThrownBy(() -> builder().connectTimeout(LONGEST).format())
                .isInstanceOf(QuorumUnavailableException.class)
                .hasMessageContaining("all nodes are needed to format them")
                .hasMessageContaining(servers.node(1).uri());
    }

    @Test
    void whatIsLeftOfAClusterIsFormattedBeyondAllThatItsNodesStillKnow() {
        builder().format();
        try (LockClient locks = builder().connect()) {
            long before = tokenOf(locks);
            servers.nodes().subList(0, 2).forEach(node -> node.command("FLUSHALL"));
            await().atMost(OnNodes.SOON)
                    .untilAsserted(() -> assertThatThrownBy(() -> locks.tryAcquire("invoice/42"))
                            .isInstanceOf(QuorumUnavailableException.class)
                            .hasMessageContaining("docs/operations.md"));

            builder().format();

            assertThat(tokenOf(locks)).isGreaterThan(before);
        }
    }

    @Test
    void nodesWhoseDisksAreVouchedForGoOnAfterTheyHaveAllRestarted() {
        builder().format();
        List<RedisServer> all = servers.nodes();
        try (LockClient locks = builder().durableDisks().connect()) {
            long before = tokenOf(locks);
            all.forEach(RedisServer::kill);
            all.forEach(RedisServer::restart);

            assertThat(tokenOf(locks)).isGreaterThan(before);
        }
    }

    @Test
    void nodesWhoseDisksNobodyVouchesForDoNot() {
        builder().format();
        try (LockClient locks = builder().connect()) {
            tokenOf(locks);
            servers.nodes().forEach(RedisServer::kill);
            servers.nodes().forEach(RedisServer::restart);

            await().atMost(OnNodes.SOON)
                    .untilAsserted(() -> assertThatThrownBy(() -> locks.tryAcquire("invoice/42"))
                            .isInstanceOf(QuorumUnavailableException.class)
                            .hasMessageContaining("Too many nodes have forgotten"));
        }
    }

    private RedisLocksBuilder builder() {
        return RedisLocks.builder()
                .addresses(servers.uris())
                .lease(LONGEST)
                .maxLease(LONGEST)
                .connectTimeout(OnNodes.SOON);
    }

    private static long tokenOf(LockClient locks) {
        try (Lease lease = locks.acquire("invoice/42", OnNodes.LONG)) {
            return lease.token().value();
        }
    }
}
