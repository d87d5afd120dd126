package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Lease;
import dev.fencepost.LeaseLostException;
import dev.fencepost.LockClient;
import dev.fencepost.LockTimeoutException;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lock as a user sees it, on five real nodes that are all up. */
final class RedisLocksTest {
    private static RedisServers servers;

    private LockClient locks;

    @BeforeAll
    static void startServers() {
        servers = RedisServers.start(5);
    }

    @AfterAll
    static void stopServers() {
        servers.close();
    }

    @BeforeEach
    void connect() {
        locks = OnNodes.unhurried(servers).connect();
    }

    @AfterEach
    void disconnect() {
        locks.close();
    }

    @Test
    void tokensGrowFromOneAcquisitionToTheNext() {
        long[] tokens = IntStream.range(0, 50)
                .mapToLong(i -> {
                    try (Lease lease = locks.acquire("grows", Duration.ofSeconds(5))) {
                        return lease.token().value();
                    }
                })
                .toArray();

        assertThat(tokens).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aHeldResourceIsRefusedToOthers() {
        try (Lease lease = locks.acquire("held", Duration.ZERO)) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(locks.tryAcquire("held")).isEmpty();
            assertThatThrownBy(() -> locks.acquire("held", Duration.ofMillis(50)))
                    .isInstanceOf(LockTimeoutException.class)
                    .hasMessageContaining("'held' could not be locked within 50 ms")
                    .hasMessageContaining("it is held in this process");
        }
    }

    @Test
    void aReleasedResourceIsFreeForTheNext() {
        locks.acquire("released", Duration.ZERO).close();

        try (Lease next = locks.acquire("released", Duration.ofSeconds(5))) {
            assertThat(next.isHeld()).isTrue();
        }
    }

    @Test
    void resourcesAreIndependentOfEachOther() {
        try (Lease one = locks.acquire("a", Duration.ZERO);
                Lease other = locks.acquire("a:token", Duration.ZERO)) {
            assertThat(one.token().value()).isEqualTo(1);
            assertThat(other.token().value()).isEqualTo(1);
        }
    }

    @Test
    void clientsThatNameTheNodesInAnotherOrderAreNoOthers() {
        List<String> reversed = new ArrayList<>(List.of(servers.uris()));
        Collections.reverse(reversed);
        try (LockClient other = OnNodes.unhurried(servers)
                .addresses(reversed.toArray(String[]::new))
                .connect()) {
            long first;
            try (Lease lease = locks.acquire("reversed", Duration.ofSeconds(5))) {
                first = lease.token().value();
                assertThat(other.tryAcquire("reversed")).isEmpty();
            }
            try (Lease lease = other.acquire("reversed", OnNodes.SOON)) {
                assertThat(lease.token().value()).isGreaterThan(first);
                assertThat(locks.tryAcquire("reversed")).isEmpty();
            }
        }
    }

    @Test
    void anExtendedLeaseKeepsItsTokenAndLastsLonger() {
        try (Lease lease = locks.acquire("extended", Duration.ZERO)) {
            var token = lease.token();
            Duration before = lease.remaining();

            lease.extend(Duration.ofMinutes(2));

            assertThat(lease.token()).isEqualTo(token);
            assertThat(lease.remaining()).isGreaterThan(before).isLessThanOrEqualTo(Duration.ofMinutes(2));
        }
    }

    @Test
    void aLeaseIsNeverShortenedByAnExtension() {
        try (Lease lease = locks.acquire("not-shortened", Duration.ZERO)) {
            lease.extend(Duration.ofMillis(10));

            assertThat(lease.remaining()).isGreaterThan(Duration.ofSeconds(20));
            assertThat(servers.node(0).command("PTTL", "fencepost:lock:not-shortened"))
                    .satisfies(ttl -> assertThat(Long.parseLong(ttl)).isGreaterThan(20_000));
        }
    }

    @Test
    void aClosedLeaseCannotBeExtended() {
        Lease lease = locks.acquire("closed", Duration.ZERO);
        lease.close();
        lease.close();

        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.remaining()).isZero();
        assertThatThrownBy(() -> lease.extend(Duration.ofSeconds(1)))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("it was closed");
    }

    @Test
    void aLeaseThatTheNodesForgotIsLostWhenItIsExtended() {
        try (Lease lease = locks.acquire("forgotten", Duration.ZERO)) {
            OnNodes.lose(servers.nodes(), "forgotten");

            assertThatThrownBy(() -> lease.extend(Duration.ofSeconds(1)))
                    .isInstanceOf(LeaseLostException.class)
                    .hasMessageContaining("a quorum of nodes does not hold it any more");
            assertThat(lease.isHeld()).isFalse();
        }
    }

    @Test
    void closingTheClientReleasesItsLeases() {
        Lease lease = locks.acquire("left-open", Duration.ZERO);
        locks.close();

        assertThat(lease.isHeld()).isFalse();
        assertThat(servers.nodes())
                .allSatisfy(node -> assertThat(node.command("EXISTS", "fencepost:lock:left-open"))
                        .isEqualTo("0"));
        assertThatThrownBy(() -> locks.tryAcquire("left-open"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the lock client is closed");
    }

    @Test
    void whatIsShownOfALeaseDoesNotIncludeItsOwner() {
        try (Lease lease = locks.acquire("shown", Duration.ZERO)) {
            String owner = OnNodes.owner(servers.node(0), "shown");

            assertThat(owner).hasSize(32).isEqualTo(lease.token().owner());
            assertThat(lease.toString()).contains("shown#1").doesNotContain(owner);
        }
    }
}
