package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted connections to nodes, and whom they are not made to. */
final class TlsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private static Path directory;

    private static RedisServers servers;
    private static Path trusted;
    private static final List<TlsFront> FRONTS = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        servers = RedisServers.start(3);
        trusted = TlsFront.certificateFor("localhost", directory);
        for (RedisServer node : servers.nodes()) {
            FRONTS.add(new TlsFront(node, trusted));
        }
    }

    @AfterAll
    static void stop() {
        FRONTS.forEach(TlsFront::close);
        servers.close();
    }

    @Test
    void aTrustedNodeUnderItsOwnNameIsUsed() {
        try (LockClient locks = to("localhost")
                        .trustStore(trusted, TlsFront.PASSWORD)
                        .nodeTimeout(Duration.ofSeconds(15))
                        .connectTimeout(OnNodes.SOON)
                        .connect();
                Lease lease = locks.acquire("encrypted", Duration.ZERO)) {
            assertThat(OnNodes.owners(servers, "encrypted"))
                    .contains(lease.token().owner());
        }
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void aWaiterIsWokenOverTls() {
        try (LockClient locks = to("localhost")
                        .trustStore(trusted, TlsFront.PASSWORD)
                        .nodeTimeout(Duration.ofSeconds(15))
                        .connectTimeout(OnNodes.SOON)
                        .connect();
                LockClient other = OnNodes.client(servers)
                        .addresses(IntStream.range(0, FRONTS.size())
                                .mapToObj(i -> servers.node(i).uri() + "#node-" + i)
                                .toArray(String[]::new))
                        .connect()) {
            Lease held = other.acquire("woken", Duration.ZERO);
            var waiting = locks.acquireAsync("woken", OnNodes.SOON).toCompletableFuture();
            OnNodes.awaitWatchers(servers, "woken", 1);
            held.close();

            assertThat(waiting).succeedsWithin(OnNodes.SOON);
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefusedAndSaysSo() {
        assertThatThrownBy(() ->
                        to("127.0.0.1").trustStore(trusted, TlsFront.PASSWORD).connect())
                .isInstanceOfSatisfying(
                        QuorumUnavailableException.class,
                        e -> assertThat(e.reasons().values())
                                .hasSize(3)
                                .allSatisfy(reason -> assertThat(reason)
                                        .containsIgnoringCase(
                                                "no subject alternative names matching IP address 127.0.0.1")));
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefusedAndSaysSo() {
        assertThatThrownBy(() -> to("localhost").connect())
                .isInstanceOfSatisfying(
                        QuorumUnavailableException.class,
                        e -> assertThat(e.reasons().values())
                                .hasSize(3)
                                .allSatisfy(reason ->
                                        assertThat(reason).contains("unable to find valid certification path")));
    }

    @Test
    void aNodeThatSpeaksNoTlsIsRefusedAndSaysSo() {
        String[] plain = servers.nodes().stream()
                .map(node -> "rediss://localhost:" + node.port())
                .toArray(String[]::new);

        assertThatThrownBy(() -> brief(plain).connect())
                .isInstanceOfSatisfying(
                        QuorumUnavailableException.class,
                        e -> assertThat(e.reasons().values())
                                .hasSize(3)
                                .allSatisfy(reason -> assertThat(reason).isNotBlank()));
    }

    @Test
    void aTrustStoreThatIsNoneIsRefused() throws Exception {
        Path nonsense = Files.writeString(directory.resolve("nonsense.p12"), "nonsense");

        assertRefused(nonsense, "s3cret", "nonsense.p12' is not");
        assertRefused(directory.resolve("absent.p12"), "s3cret", "must be a file that can be read");
        assertRefused(trusted, "s3cret", "password was incorrect");
    }

    @Test
    void aTrustStoreWithoutAnEncryptedAddressIsRefused() {
        assertThatThrownBy(() -> RedisLocks.builder()
                        .formatBlankNodes()
                        .addresses(servers.uris())
                        .trustStore(trusted, TlsFront.PASSWORD)
                        .connect())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("trustStore is for addresses that begin with rediss://");
    }

    private static void assertRefused(Path store, String password, String complaint) {
        assertThatThrownBy(() -> to("localhost").trustStore(store, password).connect())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("trustStore must be")
                .hasMessageContaining(complaint)
                .hasMessageNotContaining("s3cret");
    }

    private static RedisLocksBuilder to(String host) {
        return brief(IntStream.range(0, FRONTS.size())
                .mapToObj(i -> FRONTS.get(i).uri(host) + "#node-" + i)
                .toArray(String[]::new));
    }

    private static RedisLocksBuilder brief(String... addresses) {
        return RedisLocks.builder().formatBlankNodes().addresses(addresses).connectTimeout(Duration.ofSeconds(4));
    }
}
