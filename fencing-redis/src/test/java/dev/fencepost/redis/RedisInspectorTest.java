package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.servers.Persistence;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.QuorumLocks.Standing.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an inspector shows of real servers in the states that they come into. */
final class RedisInspectorTest {
    private static final Duration QUARANTINE = Duration.ofHours(1);
    private static final String RESOURCE = "invoice/42";

    private RedisServers servers;

    @BeforeEach
    void startServers() {
        servers = RedisServers.start(3, Persistence.ALWAYS);
    }

    @AfterEach
    void stopServers() {
        servers.close();
    }

    @Test
    void aHealthyClusterHasNothingOddAndLooksChangeNothing() {
        try (LockClient locks = OnNodes.client(servers).connect();
                Lease lease = InUse.andHeld(servers, locks, RESOURCE);
                RedisInspector inspector = inspector()) {
            await().atMost(OnNodes.SOON).until(() -> inspector.inspect().odd().isEmpty());
            Map<String, String> before = data();

            ResourceReport report = inspector.inspect(RESOURCE);

            assertThat(data()).isEqualTo(before);
            assertThat(report.odd()).isEmpty();
            assertThat(report.heldFor())
                    .hasValueSatisfying(left -> assertThat(left).isBetween(Duration.ZERO, OnNodes.LONG));
            assertThat(report.copies()).hasSize(3).allSatisfy(copy -> {
                assertThat(copy.counter().orElseThrow())
                        .isGreaterThanOrEqualTo(lease.token().value() - 1);
                assertThat(copy.lock()).hasValueSatisfying(lock -> {
                    assertThat(lock.holder()).isEqualTo("A");
                    assertThat(lock.counts()).isTrue();
                });
            });
            assertThat(report.cluster().nodes()).allSatisfy(node -> {
                assertThat(node.state()).isEqualTo(State.READY);
                assertThat(node.server()).hasValueSatisfying(server -> {
                    assertThat(server.persistence().good()).isTrue();
                    assertThat(server.eviction().good()).isTrue();
                });
            });
            assertNoSecrets(report.toString(), lease.token().owner());
        }
    }

    @Test
    void blankNodesStayBlank() {
        try (RedisInspector inspector = inspector()) {
            assertThat(inspector.inspect().nodes())
                    .allSatisfy(node -> assertThat(node.state()).isEqualTo(State.FORGOTTEN));
            assertThat(inspector.inspect().odd()).anyMatch(odd -> odd.contains("no lock can be taken"));
        }
        assertThat(servers.nodes())
                .allSatisfy(node -> assertThat(node.command("DBSIZE")).isEqualTo("0"));
    }

    @Test
    void aNodeInQuarantineAKilledOneAndOneThatRestartsAreToldApart() {
        try (LockClient locks = client().maxLease(QUARANTINE).connect();
                RedisInspector inspector = client().maxLease(QUARANTINE).inspector()) {
            InUse.everywhere(servers, locks, RESOURCE);
            servers.node(0).command("FLUSHALL");
            assertThat(node(inspector.inspect(RESOURCE), 0).state()).isEqualTo(State.FORGOTTEN);

            await().atMost(OnNodes.SOON).untilAsserted(() -> {
                // The next request of a client is what notices.
                locks.acquire(RESOURCE, OnNodes.SOON).close();
                NodeReport node = node(inspector.inspect(RESOURCE), 0);
                assertThat(node.state()).isEqualTo(State.QUARANTINED);
                assertThat(node.quarantineLeft()).isBetween(QUARANTINE.minusMinutes(10), QUARANTINE);
            });
            assertThat(inspector.inspect().odd())
                    .anyMatch(odd -> odd.contains("2 of 3 nodes are ready; if one more fails"));

            servers.node(1).kill();
            await().atMost(OnNodes.SOON).untilAsserted(() -> {
                ResourceReport report = inspector.inspect(RESOURCE);
                assertThat(node(report, 0).state()).isEqualTo(State.QUARANTINED);
                assertThat(node(report, 1).state()).isEqualTo(State.UNREACHABLE);
                assertThat(node(report, 1).server()).isEmpty();
                assertThat(node(report, 2).state()).isEqualTo(State.READY);
                assertThat(report.cluster().odd()).anyMatch(odd -> odd.contains("no lock can be taken: 1 of 3"));
            });

            servers.node(1).restart();
            await().atMost(OnNodes.SOON)
                    .untilAsserted(() -> assertThat(
                                    node(inspector.inspect(RESOURCE), 1).state())
                            .isEqualTo(State.QUARANTINED));
        }
    }

    @Test
    void nodesThatMustNotBeUsedSayWhy() {
        try (LockClient locks = OnNodes.client(servers).connect();
                RedisInspector inspector = inspector()) {
            InUse.everywhere(servers, locks, RESOURCE);
            servers.node(0).command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
            servers.node(0).command("CONFIG", "SET", "maxmemory", "1gb");
            servers.node(1).command("CONFIG", "SET", "appendfsync", "everysec");
            servers.node(2).command("REPLICAOF", "127.0.0.1", "1");

            ResourceReport report = inspector.inspect(RESOURCE);

            assertThat(node(report, 0).state()).isEqualTo(State.REFUSED);
            assertThat(node(report, 0).server().orElseThrow().eviction().good()).isFalse();
            assertThat(node(report, 1).server().orElseThrow().persistence().text())
                    .contains("everysec");
            assertThat(node(report, 2).state()).isEqualTo(State.REFUSED);
            assertThat(node(report, 2).detail()).contains("replica");
        }
    }

    @Test
    void whatIsOddAboutAResourceIsSaid() {
        try (LockClient locks = OnNodes.client(servers).connect();
                Lease lease = InUse.andHeld(servers, locks, RESOURCE);
                RedisInspector inspector = inspector()) {
            String lock = "fencepost:lock:" + RESOURCE;
            servers.node(0).command("PERSIST", lock);

            ResourceReport endless = inspector.inspect(RESOURCE);
            assertThat(endless.odd()).singleElement().asString().contains("no time to live");
            assertThat(endless.heldFor()).isPresent();

            servers.node(1).command("DEL", lock);
            servers.node(2).command("DEL", lock);
            ResourceReport minority = inspector.inspect(RESOURCE);
            assertThat(minority.odd())
                    .anyMatch(odd -> odd.contains(
                            "lock of A is on a minority: [" + servers.node(0).uri()));
            assertThat(minority.heldFor()).isEmpty();

            servers.node(2).command("SET", "fencepost:token:" + RESOURCE, "5000000");
            servers.node(1).command("SET", "fencepost:token:" + RESOURCE, "many");
            servers.node(1).command("SET", lock, "somebody", "PX", "100000");
            ResourceReport apart = inspector.inspect(RESOURCE);
            assertThat(apart.odd())
                    .anyMatch(odd -> odd.contains("counters are far apart") && odd.contains("=5000000"))
                    .anyMatch(odd ->
                            odd.contains("the counter on " + servers.node(1).uri() + " is no number"))
                    .anyMatch(
                            odd -> odd.contains("the lock on " + servers.node(1).uri() + " is from before"));
            assertNoSecrets(apart.toString(), lease.token().owner());
        }
    }

    @Test
    void theDocumentedRightsAreEnough() throws IOException {
        String looking = "+ping +info +eval +get +pttl +time";
        assertThat(Files.readString(Path.of("../docs/operations.md"))).contains("`" + looking + "`", "needs `+scan`");
        OnNodes.client(servers).format();
        String[] addresses = Arrays.stream(servers.uris())
                .map(uri -> uri.replace("//", "//looker:s3cret@"))
                .toArray(String[]::new);
        RedisLocksBuilder looker = OnNodes.client(servers).addresses(addresses);
        allow(looking);
        try (RedisInspector inspector = looker.inspector()) {
            ResourceReport report = inspector.inspect(RESOURCE);
            assertThat(report.cluster().nodes())
                    .allSatisfy(node -> assertThat(node.state()).isEqualTo(State.READY));
            assertThat(report.odd()).isEmpty();
            assertThat(report.cluster().odd())
                    .hasSize(3)
                    .allSatisfy(odd -> assertThat(odd).contains("takes the right to CONFIG GET"));
        }
        allow(looking + " +set +pexpire +scan");
        assertThat(looker.forgetUnused(Duration.ofDays(1), OnNodes.SOON).isComplete())
                .isTrue();
    }

    private void allow(String rights) {
        List<String> command =
                new ArrayList<>(List.of("ACL", "SETUSER", "looker", "reset", "on", ">s3cret", "~fencepost:*", "-@all"));
        command.addAll(List.of(rights.split(" ")));
        servers.nodes().forEach(node -> node.command(command.toArray(String[]::new)));
    }

    private RedisInspector inspector() {
        return OnNodes.client(servers).inspector();
    }

    /** Without a word on disks, so that a node which forgets has to wait. */
    private RedisLocksBuilder client() {
        return RedisLocks.builder()
                .formatBlankNodes()
                .addresses(servers.uris())
                .nodeTimeout(Duration.ofSeconds(15))
                .connectTimeout(OnNodes.SOON);
    }

    private NodeReport node(ResourceReport report, int index) {
        String name = servers.node(index).uri();
        return report.cluster().nodes().stream()
                .filter(node -> node.node().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Map<String, String> data() {
        Map<String, String> data = new TreeMap<>();
        for (RedisServer node : servers.nodes()) {
            for (String key : node.command("KEYS", "*").lines().toList()) {
                data.put(node.uri() + " " + key, node.command("GET", key));
            }
        }
        return data;
    }

    private void assertNoSecrets(String shown, String owner) {
        assertThat(shown).doesNotContain(owner);
        for (RedisServer node : servers.nodes()) {
            Marker marker = Marker.parse(node.command("GET", "fencepost:node")).orElseThrow();
            List<String> nonces = List.of(
                    marker.life(), marker.identity().memory(), marker.identity().epoch());
            assertThat(nonces).noneMatch(shown::contains);
        }
    }
}
