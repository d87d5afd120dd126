package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencepostException;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.TokensExhaustedException;
import dev.fencepost.servers.RedisOptions;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user is told who got something wrong, and that nothing is left behind then. */
final class BadInputTest {
    /** How long all nodes together may take to refuse a client. */
    private static final Duration REFUSAL = Duration.ofSeconds(3);

    private static RedisServers servers;
    private static LockClient locks;

    @BeforeAll
    static void start() {
        servers = RedisServers.start(RedisOptions.nodes(3).withPassword("s3cret"));
        locks = builder().nodeTimeout(Duration.ofSeconds(15)).connect();
    }

    @AfterAll
    static void stop() {
        locks.close();
        servers.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n", "a\0b", "\uD800"})
    void aResourceThatCannotBeNamedIsRefused(String resource) {
        assertThatThrownBy(() -> locks.tryAcquire(resource))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("resource must");
    }

    @Test
    void aResourceOfTooManyCharactersIsRefused() {
        assertThatThrownBy(() -> locks.acquire("x".repeat(513), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 512 characters, but has 513");
    }

    @ParameterizedTest
    @CsvSource({"PT0S", "PT-1S", "PT0.000999S", "P730D", "PT5M0.001S"})
    void aLeaseThatIsNoneIsRefused(Duration lease) {
        assertThatThrownBy(() -> builder().lease(lease).connect())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("lease must be from 10 ms to 300000 ms, but is ");
    }

    @ParameterizedTest
    @CsvSource({"PT0S", "PT-1S", "PT0.000999S", "P730D"})
    void anExtensionThatIsNoneIsRefusedAndChangesNothing(Duration duration) {
        try (Lease lease = locks.acquire("extension", Duration.ZERO)) {
            assertThatThrownBy(() -> lease.extend(duration))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("duration must be from 10 ms to 300000 ms, but is ");
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void noNodesAreRefused() {
        assertThatThrownBy(() -> RedisLocks.connect())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("addresses must name at least one node");
    }

    @Test
    void theSameAddressTwiceIsRefused() {
        String address = servers.node(0).uri();

        assertThatThrownBy(() -> RedisLocks.connect(address, address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + address + "' is given twice");
    }

    @Test
    void twoAddressesOfOneProcessAreRefused() {
        String address = uris("s3cret")[0];
        String other = address.replace("127.0.0.1", "localhost");

        assertThatThrownBy(() -> builder().addresses(address, other).connect())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is the same server process as")
                .hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @CsvSource({
        "'http://:s3cret@a:6379', has the scheme 'http'",
        "'redis://:s3cret@', names no host",
        "'redis://:s3cret@a b', is no URI",
        "'redis://:s3cret@a:6379/3', goes on after the port",
        "'redis://:s3cret@a:99999', has the port 99999",
        "'a:6379', has the scheme 'a'"
    })
    void anAddressThatCannotBeUnderstoodIsShownWithoutItsPassword(String address, String complaint) {
        assertThatThrownBy(() -> RedisLocks.connect(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aWrongPasswordIsNamedAsTheReasonAndNotShown() {
        assertThatThrownBy(() -> RedisLocks.builder()
                        .formatBlankNodes()
                        .addresses(uris("wrong-one"))
                        .connectTimeout(REFUSAL)
                        .connect())
                .isInstanceOfSatisfying(
                        QuorumUnavailableException.class,
                        e -> assertThat(e.reasons().values())
                                .hasSize(3)
                                .allSatisfy(reason -> assertThat(reason)
                                        .startsWith("WRONGPASS")
                                        .doesNotContain("wrong-one")));
    }

    @Test
    void aMissingPasswordIsNamedAsTheReason() {
        assertThatThrownBy(() -> RedisLocks.builder()
                        .formatBlankNodes()
                        .addresses(servers.uris())
                        .connectTimeout(REFUSAL)
                        .connect())
                .isInstanceOfSatisfying(
                        QuorumUnavailableException.class,
                        e -> assertThat(e.reasons().values())
                                .hasSize(3)
                                .allSatisfy(reason -> assertThat(reason).startsWith("NOAUTH")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:b", "a b", "a\0"})
    void aKeyPrefixThatCouldMixUpKeysIsRefused(String prefix) {
        assertThatThrownBy(() -> builder().keyPrefix(prefix).connect())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("keyPrefix must be");
    }

    @Test
    void aCounterOfTheWrongTypeIsNamedAndLeavesNoLock() {
        servers.nodes().forEach(node -> node.command("RPUSH", "fencepost:token:list", "1"));

        assertThatThrownBy(() -> locks.tryAcquire("list"))
                .isInstanceOf(QuorumUnavailableException.class)
                .hasMessageContaining("WRONGTYPE");
        assertNoLock("list");
    }

    @Test
    void aCounterThatIsNoNumberIsNamedAndLeavesNoLock() {
        servers.nodes().forEach(node -> node.command("SET", "fencepost:token:words", "many"));

        assertThatThrownBy(() -> locks.tryAcquire("words"))
                .isInstanceOf(QuorumUnavailableException.class)
                .hasMessageContaining("fencepost:token:words is not a number but 'many'");
        assertNoLock("words");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9007199254740991", "9007199254740992", "9007199254740993", "9223372036854775807"})
    void aCounterAtItsEndIsNamedAndLeavesNoLock(String end) {
        servers.nodes().forEach(node -> node.command("SET", "fencepost:token:end", end));

        assertThatThrownBy(() -> locks.tryAcquire("end"))
                .isInstanceOf(TokensExhaustedException.class)
                .hasMessageContaining("no larger token exists for 'end'")
                .hasMessageContaining(end)
                .satisfies(
                        e -> assertThat(((FencepostException) e).advice()).isEqualTo(FencepostException.Advice.STOP));
        assertNoLock("end");
    }

    @Test
    void theLastTokenOfACounterIsExact() {
        servers.nodes().forEach(node -> node.command("SET", "fencepost:token:last", "9007199254740990"));

        try (Lease lease = locks.acquire("last", Duration.ZERO)) {
            assertThat(lease.token().value()).isEqualTo(9_007_199_254_740_991L);
        }
    }

    private static void assertNoLock(String resource) {
        assertThat(servers.nodes())
                .allSatisfy(node -> assertThat(node.command("EXISTS", "fencepost:lock:" + resource))
                        .isEqualTo("0"));
    }

    private static RedisLocksBuilder builder() {
        return RedisLocks.builder().formatBlankNodes().addresses(uris("s3cret")).connectTimeout(OnNodes.SOON);
    }

    private static String[] uris(String password) {
        return servers.nodes().stream()
                .map(RedisServer::uri)
                .map(uri -> uri.replace("//", "//:" + password + "@"))
                .toArray(String[]::new);
    }
}
