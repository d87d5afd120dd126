package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
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
                first = tokenOf(locks);
            }
            servers.node(0).kill();
            String[] after = before.clone();
            after[0] = elsewhere.node(0).uri() + "#" + before[0];

            try (LockClient locks = client(after).connect();
                    RedisInspector inspector = client(after).inspector()) {
                await().atMost(OnNodes.LONG)
                        .untilAsserted(() -> assertThat(inspector.inspect().nodes())
                                .allSatisfy(node -> assertThat(node.state()).isEqualTo(State.READY)));
                servers.node(1).kill();

                assertThat(tokenOf(locks)).isGreaterThan(first);
            }
        }
    }

    @Test
    void threeNodesBecomeFiveWhileNoLocksAreInUse() {
        try (RedisServers servers = RedisServers.start(5)) {
            String[] three = Arrays.copyOf(servers.uris(), 3);
            long first;
            try (LockClient locks = client(three).connect()) {
                first = tokenOf(locks);
            }
            long floor;
            try (RedisInspector inspector = client(three).inspector()) {
                floor = inspector.inspect().nodes().stream()
                        .mapToLong(node -> node.progress().orElseThrow().mark())
                        .max()
                        .orElseThrow();
            }
            servers.nodes().subList(0, 3).forEach(node -> node.command("DEL", "fencepost:node"));
            client(servers.uris()).format(floor);

            try (LockClient locks = client(servers.uris()).connect()) {
                assertThat(tokenOf(locks)).isGreaterThan(first);
            }
        }
    }

    private static RedisLocksBuilder client(String... addresses) {
        return RedisLocks.builder()
                .formatBlankNodes()
                .addresses(addresses)
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
