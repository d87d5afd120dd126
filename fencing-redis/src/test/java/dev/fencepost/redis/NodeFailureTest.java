package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left of the lock when real nodes are killed, hung, and brought back with their data. */
final class NodeFailureTest {
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
    void aMinorityThatIsDownAtTheStartCostsNothing() {
        kill(0, 1);

        try (LockClient locks = connect();
                Lease lease = locks.acquire("start", Duration.ZERO)) {
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void aMinorityThatHangsAtTheStartCostsNothing() {
        pause(0, 1);

        try (LockClient locks = connect();
                Lease lease = locks.acquire("start", Duration.ZERO)) {
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void withoutAQuorumAtTheStartConnectingSaysWhyForEachNode() {
        kill(0, 1, 2);

        assertThatThrownBy(() -> OnNodes.client(servers)
                        .connectTimeout(Duration.ofSeconds(4))
                        .connect())
                .isInstanceOfSatisfying(QuorumUnavailableException.class, e -> {
                    assertThat(e)
                            .hasMessageContaining("only 0 of 5 nodes could be used within 4000 ms, and 3 are needed");
                    assertThat(e.reasons()).containsKeys(uris(0, 1, 2));
                    assertThat(uris(0, 1, 2))
                            .allSatisfy(node ->
                                    assertThat(e.reasons().get(node)).containsIgnoringCase("connection refused"));
                });
    }

    @Test
    void aMinorityThatIsKilledLaterCostsNothing() {
        try (LockClient locks = connect()) {
            long before = tokenOf(locks, "later");
            kill(3, 4);

            assertThat(tokenOf(locks, "later")).isGreaterThan(before);
        }
    }

    @Test
    void anAcquisitionDoesNotWaitForNodesThatHang() {
        Duration timeout = Duration.ofSeconds(60);
        try (LockClient locks = OnNodes.client(servers).nodeTimeout(timeout).connect()) {
            pause(0, 4);

            // Were the hung nodes waited for, a minute of the lease would be gone.
            try (Lease lease = locks.acquire("hung", Duration.ZERO)) {
                assertThat(lease.remaining()).isGreaterThan(OnNodes.LONG.minus(timeout));
            }
            resume(0, 4);
        }
    }

    @Test
    void aNodeThatWakesUpKeepsNothingOfALeaseThatWasReleasedMeanwhile() {
        try (LockClient locks = connect()) {
            pause(4);
            tokenOf(locks, "woken");
            resume(4);

            // What it still answers comes after the grant and the release that it had queued up.
            assertThat(servers.node(4).command("PING")).isEqualTo("PONG");
            await().atMost(SOON).until(() -> servers.node(4).command("GET", "fencepost:token:woken") != null);
            await().atMost(SOON)
                    .until(() -> servers.node(4)
                            .command("EXISTS", "fencepost:lock:woken")
                            .equals("0"));
        }
    }

    @Test
    void withoutAQuorumAnAcquisitionSaysWhyForEachNodeAndLeavesNothingBehind() {
        try (LockClient locks =
                OnNodes.client(servers).nodeTimeout(Duration.ofSeconds(3)).connect()) {
            kill(0, 1);
            pause(2);

            assertThatThrownBy(() -> locks.tryAcquire("gone"))
                    .isInstanceOfSatisfying(QuorumUnavailableException.class, e -> {
                        assertThat(e).hasMessageContaining("fewer than 3 of 5 nodes took part");
                        assertThat(e.reasons()).containsOnlyKeys(uris(0, 1, 2));
                        assertThat(e.reasons().get(servers.node(2).uri())).isEqualTo("no answer within 3000 ms");
                    });
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(servers.nodes().subList(3, 5))
                            .allSatisfy(node -> assertThat(node.command("EXISTS", "fencepost:lock:gone"))
                                    .isEqualTo("0")));
        }
    }

    @Test
    void anAcquisitionThatWaitsSucceedsOnceTheQuorumIsBack() {
        try (LockClient locks = connect()) {
            long before = tokenOf(locks, "back");
            kill(0, 1, 2);
            assertThatThrownBy(() -> locks.tryAcquire("back")).isInstanceOf(QuorumUnavailableException.class);
            servers.node(0).restart();

            assertThat(tokenOf(locks, "back")).isGreaterThan(before);
        }
    }

    @Test
    void aReleaseThatANodeDiedWithIsRepeatedWhenItIsBackWithItsData() {
        try (LockClient locks = connect()) {
            Lease lease = locks.acquire("repeated", SOON);
            OnNodes.awaitOwner(servers.node(2), "repeated", lease.token().owner());
            // What it is sent from here on it never reads, and the lock is in its append-only file.
            pause(2);
            lease.close();
            kill(2);
            servers.node(2).restart();

            // The lease has minutes left.
            OnNodes.awaitOwner(servers.node(2), "repeated", "(nil)");
        }
    }

    @Test
    void aRestartedNodeTakesPartAgainByItself() {
        try (LockClient locks = connect()) {
            kill(1);
            tokenOf(locks, "again");
            servers.node(1).restart();

            await().atMost(SOON).untilAsserted(() -> {
                try (Lease lease = locks.acquire("again", SOON)) {
                    assertThat(OnNodes.owner(servers.node(1), "again"))
                            .isEqualTo(lease.token().owner());
                }
            });
        }
    }

    @Test
    void aNodeWhoseScriptsWereFlushedTakesPartAgainByItself() {
        try (LockClient locks = connect()) {
            tokenOf(locks, "flushed");
            servers.node(1).command("SCRIPT", "FLUSH");

            await().atMost(SOON).untilAsserted(() -> {
                try (Lease lease = locks.acquire("flushed", SOON)) {
                    assertThat(OnNodes.owner(servers.node(1), "flushed"))
                            .isEqualTo(lease.token().owner());
                }
            });
        }
    }

    @Test
    void aReleaseReachesNodesWhoseScriptsWereFlushed() {
        try (LockClient locks = connect()) {
            Lease lease = locks.acquire("released", Duration.ZERO);
            servers.nodes().forEach(node -> node.command("SCRIPT", "FLUSH"));
            lease.close();

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(servers.nodes())
                            .allSatisfy(node -> assertThat(node.command("EXISTS", "fencepost:lock:released"))
                                    .isEqualTo("0")));
        }
    }

    @Test
    void aNodeThatRefusesWritesDoesNotTakePart() {
        try (LockClient locks = connect()) {
            servers.nodes().subList(0, 3).forEach(node -> node.command("REPLICAOF", "127.0.0.1", "1"));

            assertThatThrownBy(() -> locks.tryAcquire("readonly"))
                    .isInstanceOfSatisfying(
                            QuorumUnavailableException.class,
                            e -> assertThat(e.reasons().values())
                                    .hasSize(3)
                                    .allSatisfy(reason -> assertThat(reason).contains("READONLY")));
        }
    }

    @Test
    void aNodeThatRestartsComesBackAlsoFromNodesWhoseScriptsWereFlushed() {
        try (LockClient locks = connect()) {
            tokenOf(locks, "flushed");
            String before = Loss.life(servers.node(0));
            servers.nodes().subList(1, servers.nodes().size()).forEach(node -> node.command("SCRIPT", "FLUSH"));
            servers.node(0).kill();
            servers.node(0).restart();

            Loss.awaitReturn(servers.node(0), before);
        }
    }

    /** It is the same process, with the data of another. */
    @Test
    void aNodeThatWasAReplicaMeanwhileHasForgotten() {
        try (LockClient locks = connect()) {
            tokenOf(locks, "replica");
            RedisServer node = servers.node(0);
            String before = Loss.life(node);
            node.command("REPLICAOF", "127.0.0.1", "1");
            node.command("REPLICAOF", "NO", "ONE");
            node.command("SCRIPT", "FLUSH");
            tokenOf(locks, "replica");

            Loss.awaitReturn(node, before);
        }
    }

    private LockClient connect() {
        return OnNodes.client(servers).connect();
    }

    private static long tokenOf(LockClient locks, String resource) {
        try (Lease lease = locks.acquire(resource, SOON)) {
            return lease.token().value();
        }
    }

    private String[] uris(int... indexes) {
        return java.util.Arrays.stream(indexes)
                .mapToObj(servers::node)
                .map(RedisServer::uri)
                .toArray(String[]::new);
    }

    private void kill(int... indexes) {
        nodes(indexes).forEach(RedisServer::kill);
    }

    private void pause(int... indexes) {
        nodes(indexes).forEach(RedisServer::pause);
    }

    private void resume(int... indexes) {
        nodes(indexes).forEach(RedisServer::resume);
    }

    private List<RedisServer> nodes(int... indexes) {
        return java.util.Arrays.stream(indexes).mapToObj(servers::node).toList();
    }
}
