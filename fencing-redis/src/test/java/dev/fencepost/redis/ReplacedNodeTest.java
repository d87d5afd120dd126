package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.fencepost.LockClient;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.servers.RedisServers;
import dev.fencepost.spi.QuorumLocks.Standing.State;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A node's place is taken by a server at another address, as docs/operations.md describes it. */
final class ReplacedNodeTest {
    /** How long the new server has to stay out. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    @Test
    void aServerElsewhereTakesThePlaceOfANodeUnderItsName() {
        try (RedisServers servers = RedisServers.start(3);
                RedisServers elsewhere = RedisServers.start(1)) {
            String[] before = servers.uris();
            long first;
            try (LockClient locks = client(before).connect()) {
                first = OnNodes.tokenOf(locks);
            }
            servers.node(0).kill();
            String[] after = before.clone();
            after[0] = elsewhere.node(0).uri() + "#" + before[0];

            try (LockClient old = client(before).connect();
                    LockClient locks = client(after).connect();
                    RedisInspector inspector = client(after).inspector()) {
                long meanwhile = OnNodes.tokenOf(old);
                await().atMost(OnNodes.LONG)
                        .untilAsserted(() -> assertThat(inspector.inspect().nodes())
                                .allSatisfy(node -> assertThat(node.state()).isEqualTo(State.READY)));
                servers.node(1).kill();

                assertThat(meanwhile).isGreaterThan(first);
                assertThat(OnNodes.tokenOf(locks)).isGreaterThan(meanwhile);
            }
        }
    }

    @Test
    void threeNodesBecomeFiveAndThreeAgainWhileNoLocksAreInUse() {
        try (RedisServers servers = RedisServers.start(5)) {
            String[] three = Arrays.copyOf(servers.uris(), 3);
            long first;
            long second;
            try (LockClient notStopped = client(three).connect()) {
                first = OnNodes.tokenOf(notStopped);
                become(servers, three, servers.uris());
                await().atMost(OnNodes.SOON)
                        .untilAsserted(() -> assertThatExceptionOfType(QuorumUnavailableException.class)
                                .isThrownBy(() -> notStopped.tryAcquire("invoice/42"))
                                .withMessageContaining("it belongs to the cluster of"));
            }
            try (LockClient locks = client(servers.uris()).connect()) {
                second = OnNodes.tokenOf(locks);
            }
            become(servers, servers.uris(), three);
            try (LockClient locks = client(three).connect()) {
                assertThat(second).isGreaterThan(first);
                assertThat(OnNodes.tokenOf(locks)).isGreaterThan(second);
            }
        }
    }

    /** As docs/operations.md describes it. */
    private static void become(RedisServers servers, String[] before, String[] after) {
        long floor;
        try (RedisInspector inspector = client(before).inspector()) {
            floor = inspector.inspect().nodes().stream()
                    .mapToLong(node -> node.progress().orElseThrow().mark())
                    .max()
                    .orElseThrow();
        }
        servers.nodes().forEach(node -> node.command("DEL", "fencepost:node"));
        client(after).format(floor);
    }

    private static RedisLocksBuilder client(String... addresses) {
        return OnNodes.brief(LONGEST, addresses);
    }
}
