package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LeaseLostException;
import dev.fencepost.LockClient;
import dev.fencepost.LockEvent;
import dev.fencepost.LockTimeoutException;
import dev.fencepost.MultiLease;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several resources as one. */
final class AcquireAllTest {
    private static RedisServers servers;

    private final List<String> order = new CopyOnWriteArrayList<>();
    private LockClient locks;
    private LockClient other;

    @BeforeAll
    static void startServers() {
        servers = RedisServers.start(3);
    }

    @AfterAll
    static void stopServers() {
        servers.close();
    }

    @BeforeEach
    void connect() {
        locks = OnNodes.client(servers)
                .listener(event -> {
                    if (event instanceof LockEvent.Acquired acquired) {
                        order.add(acquired.token().resource());
                    }
                })
                .connect();
        other = OnNodes.client(servers).connect();
    }

    @AfterEach
    void disconnect() {
        locks.close();
        other.close();
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void allAreTakenInTheOrderOfTheirNamesEachWithATokenOfItsOwn() {
        try (MultiLease all = locks.acquireAll(List.of("c", "a", "b"), Duration.ZERO)) {
            assertThat(all.isHeld()).isTrue();
            assertThat(all.tokens()).extracting(FencingToken::resource).containsExactly("a", "b", "c");
            assertThat(all.tokens()).extracting(FencingToken::owner).doesNotHaveDuplicates();
            assertThat(all.token("b")).isEqualTo(all.tokens().get(1));
            assertThatThrownBy(() -> all.token("d"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("but is 'd': [a, b, c]");
            await().atMost(SOON).untilAsserted(() -> assertThat(order).containsExactly("a", "b", "c"));
        }
    }

    @Test
    void noneIsKeptIfOneIsHeldByAnother() {
        try (Lease held = other.acquire("y", Duration.ZERO)) {
            assertThatThrownBy(() -> locks.acquireAll(List.of("x", "y", "z"), Duration.ofMillis(100)))
                    .isInstanceOf(LockTimeoutException.class)
                    .hasMessageContaining("'y' could not be locked");

            assertThat(held.isHeld()).isTrue();
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(OnNodes.owners(servers, "x")).containsOnly("(nil)"));
            assertThat(OnNodes.owners(servers, "z")).containsOnly("(nil)");
        }
    }

    @Test
    void aResourceThatIsNamedTwiceIsRefusedBeforeAnythingIsLocked() {
        assertThatThrownBy(() -> locks.acquireAll(List.of("p", "q", "p"), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resources must differ, but 'p' is given twice");
        assertThat(OnNodes.owners(servers, "p")).containsOnly("(nil)");
    }

    @Test
    void noResourceAtAllIsRefused() {
        assertThatThrownBy(() -> locks.acquireAll(List.of(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one");
    }

    @Test
    void theLossOfOneIsTheLossOfAllAndIsToldOnce() {
        AtomicInteger lost = new AtomicInteger();
        try (MultiLease all = locks.acquireAll(List.of("k", "l", "m"), Duration.ZERO)) {
            all.onLost(lost::incrementAndGet);
            OnNodes.lose(servers.nodes(), "l");
            OnNodes.lose(servers.nodes(), "m");

            assertThatThrownBy(() -> all.extend(OnNodes.LONG))
                    .isInstanceOf(LeaseLostException.class)
                    .hasMessageContaining("l#");
            assertThatThrownBy(() -> all.extend(OnNodes.LONG)).isInstanceOf(LeaseLostException.class);

            assertThat(all.isHeld()).isFalse();
            assertThat(all.remaining()).isZero();
            await().atMost(SOON).untilAsserted(() -> assertThat(lost).hasValue(1));
        }
    }

    @Test
    void allAreExtendedAsOne() {
        try (MultiLease all = locks.acquireAll(List.of("e", "f"), Duration.ZERO)) {
            all.extend(OnNodes.LONG.multipliedBy(2));

            assertThat(all.remaining()).isGreaterThan(OnNodes.LONG);
        }
    }

    @Test
    void twoCallersThatNameTheSameInOppositeOrderDoNotBlockEachOther() {
        List<CompletableFuture<Void>> both = List.of(
                CompletableFuture.runAsync(() -> takeAllOften(locks, List.of("left", "right"))),
                CompletableFuture.runAsync(() -> takeAllOften(other, List.of("right", "left"))));

        assertThat(both).allSatisfy(one -> assertThat(one).succeedsWithin(SOON));
    }

    private static void takeAllOften(LockClient client, List<String> resources) {
        for (int i = 0; i < 50; i++) {
            client.acquireAll(resources, SOON).close();
        }
    }
}
