package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockEvent;
import dev.fencepost.servers.Persistence;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases that are kept without anybody asking, on nodes that come and go. */
final class AutoExtensionTest {
    private static final Duration LEASE = Duration.ofMillis(2_100);
    /** An extension is due when a third of the lease has passed: so many make more than a lease. */
    private static final int MORE_THAN_A_LEASE = 4;

    private final RedisServers servers = RedisServers.start(5, Persistence.ALWAYS);
    private final List<LockEvent> events = new CopyOnWriteArrayList<>();
    private LockClient locks;

    @BeforeEach
    void connect() {
        locks = builder().autoExtend().connect();
    }

    @AfterEach
    void stop() {
        locks.close();
        servers.close();
    }

    @Test
    void aLeaseIsHeldBeyondItsLengthWithTheSameToken() {
        try (Lease lease = locks.acquire("kept", SOON)) {
            var token = lease.token();
            awaitExtensions(MORE_THAN_A_LEASE);

            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.token()).isEqualTo(token);
            assertThat(OnNodes.owners(servers, "kept")).containsOnly(token.owner());
        }
    }

    @Test
    void aLeaseIsNotKeptBeyondItsCap() {
        // Two extensions, at the ages of 0.7 and 1.4 s, keep within the cap; a third would go beyond it.
        Duration cap = Duration.ofMillis(3_850);
        try (LockClient capped = builder().autoExtend(cap).connect()) {
            Lease lease = capped.acquire("capped", SOON);
            await().atMost(SOON).until(() -> !lease.isHeld());

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(events.stream().filter(LockEvent.Lost.class::isInstance))
                            .singleElement()
                            .satisfies(event -> assertThat(((LockEvent.Lost) event).heldFor())
                                    .isGreaterThan(LEASE.plus(LEASE.dividedBy(4)))));
            assertThat(extensions()).isBetween(1, 2);
            assertThat(locks.acquire("capped", SOON).isHeld()).isTrue();
        }
    }

    @Test
    void nothingIsSentForALeaseThatWasClosed() {
        locks.acquire("closed", SOON).close();
        Lease kept = locks.acquire("seen", SOON);
        awaitExtensions(1);
        kept.close();
        OnNodes.awaitNoLocks(servers);
        List<Long> before = requests();

        OnNodes.awaitPassed(servers.node(0), LEASE);

        assertThat(requests()).isEqualTo(before);
    }

    @Test
    void aLeaseSurvivesTheLossOfAMinority() {
        try (Lease lease = locks.acquire("minority", SOON)) {
            servers.node(1).kill();
            servers.node(3).pause();
            awaitExtensions(MORE_THAN_A_LEASE);

            assertThat(lease.isHeld()).isTrue();
            servers.node(3).resume();
        }
    }

    @Test
    void aLeaseIsLostWithAMajorityAndNotBefore() {
        Lease lease = locks.acquire("majority", SOON);
        awaitExtensions(1);
        servers.nodes().subList(0, 3).forEach(RedisServer::kill);

        await().atMost(LEASE.plus(SOON)).until(() -> !lease.isHeld());
        awaitLost("its time was up");
    }

    @Test
    void aLeaseThatAMajorityForgotIsLostAtTheNextExtension() {
        Lease lease = locks.acquire("forgotten", SOON);
        OnNodes.lose(servers.nodes().subList(0, 3), "forgotten");

        await().atMost(SOON).until(() -> !lease.isHeld());
        awaitLost("a quorum of nodes does not hold it any more");
    }

    @Test
    void aLeaseGoesOnThroughAnOutageThatIsShorterThanItself() {
        Duration lease = Duration.ofSeconds(12);
        try (LockClient slow = builder().lease(lease).autoExtend().connect();
                Lease held = slow.acquire("outage", SOON)) {
            servers.nodes().forEach(RedisServer::pause);
            // By then the extension that was due after a third has got no answer in time.
            await().atMost(SOON).until(() -> held.remaining().compareTo(lease.dividedBy(2)) < 0);
            assertThat(extensions()).isZero();
            servers.nodes().forEach(RedisServer::resume);
            awaitExtensions(1);

            assertThat(held.remaining()).isGreaterThan(lease.dividedBy(2));
        }
    }

    @Test
    void aMinorityThatForgotTheLockGetsItBack() {
        try (Lease lease = locks.acquire("restored", SOON)) {
            OnNodes.lose(servers.nodes().subList(3, 5), "restored");

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(OnNodes.owners(servers, "restored"))
                            .containsOnly(lease.token().owner()));
        }
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void aNodeThatGrantedToSomebodyElseSinceIsNotTakenBack() {
        try (Lease lease = locks.acquire("passed-on", SOON)) {
            RedisServer node = servers.node(4);
            node.command("INCR", "fencepost:token:passed-on");
            OnNodes.lose(List.of(node), "passed-on");
            awaitExtensions(MORE_THAN_A_LEASE);

            assertThat(lease.isHeld()).isTrue();
            assertThat(OnNodes.owners(servers, "passed-on").get(4)).isEqualTo("(nil)");
        }
    }

    @Test
    void aNodeThatWasDownHasTheLockAgainAfterwards() {
        try (Lease lease = locks.acquire("returned", SOON)) {
            servers.node(2).kill();
            OnNodes.awaitPassed(servers.node(0), LEASE);
            servers.node(2).restart();

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(OnNodes.owners(servers, "returned"))
                            .containsOnly(lease.token().owner()));
            assertThat(lease.isHeld()).isTrue();
        }
    }

    private RedisLocksBuilder builder() {
        return RedisLocks.builder()
                .formatBlankNodes()
                .durableDisks()
                .addresses(servers.uris())
                .lease(LEASE)
                .connectTimeout(Duration.ofSeconds(10))
                .listener(events::add);
    }

    private int extensions() {
        return (int)
                events.stream().filter(LockEvent.Extended.class::isInstance).count();
    }

    private void awaitExtensions(int count) {
        await().atMost(SOON).until(() -> extensions() >= count);
    }

    private void awaitLost(String reason) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(events.stream().filter(LockEvent.Lost.class::isInstance))
                        .singleElement()
                        .satisfies(event ->
                                assertThat(((LockEvent.Lost) event).reason()).startsWith(reason)));
    }

    private List<Long> requests() {
        return servers.nodes().stream().map(OnNodes::requests).toList();
    }
}
