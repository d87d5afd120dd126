package dev.fencepost.internal;

import static dev.fencepost.internal.ScriptedNode.Verb.EXTEND;
import static dev.fencepost.internal.ScriptedNode.Verb.GRANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Lease;
import dev.fencepost.LockEvent;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Done;
import dev.fencepost.spi.NodeReply.Granted;
import dev.fencepost.spi.NodeReply.Unavailable;
import dev.fencepost.spi.QuorumLocks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Automatic extension at hand-set times. */
final class RenewalsTest {
    private static final Duration LEASE = ScriptedQuorum.LEASE;
    private static final NodeReply DOWN = new Unavailable("down");

    private final ScriptedQuorum scene = new ScriptedQuorum(3);
    private final List<LockEvent> events = new ArrayList<>();
    private final AtomicInteger lost = new AtomicInteger();

    private QuorumClient client(Duration cap, Executor executor) {
        LockSettings settings = new LockSettings(
                new LockSettings.Leases(LEASE, LEASE.multipliedBy(60), 0.01, Optional.of(cap)),
                LockSettings.DEFAULT.retry(),
                LEASE.dividedBy(10));
        Environment environment =
                new Environment(scene.time::nanoTime, scene.time, executor, new Random(1), new Random(2));
        EventSink sink = EventSink.to(events::add, executor);
        return new QuorumClient(QuorumLocks.Nodes.of(scene.nodes), settings, environment, sink, () -> {});
    }

    private Lease hold(Duration cap) {
        Lease lease = client(cap, Runnable::run).tryAcquire("r").orElseThrow();
        lease.onLost(lost::incrementAndGet);
        return lease;
    }

    private List<LockEvent> ends() {
        return events.stream()
                .filter(event -> event instanceof LockEvent.Lost || event instanceof LockEvent.Released)
                .toList();
    }

    @BeforeEach
    void answer() {
        scene.allAnswering(GRANT, new Granted(1));
        scene.allAnswering(EXTEND, Done.INSTANCE);
    }

    @Test
    void aLeaseIsKeptWithTheSameTokenByOneRequestForEachThirdOfIt() {
        Lease lease = hold(LockSettings.NO_CAP);
        var token = lease.token();
        scene.time.advance(LEASE.multipliedBy(100));

        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.token()).isEqualTo(token);
        assertThat(scene.node(0).calls(EXTEND)).hasSizeBetween(250, 300);
        lease.close();
        assertThat(ends()).singleElement().isInstanceOf(LockEvent.Released.class);
        assertThat(lost).hasValue(0);
    }

    @Test
    void whatTooFewNodesAnsweredIsTriedAgainUntilTheLeaseIsOver() {
        Lease lease = hold(LockSettings.NO_CAP);
        scene.allAnswering(EXTEND, DOWN);
        scene.time.advance(LEASE.multipliedBy(9).dividedBy(10));
        assertThat(lease.isHeld()).isTrue();
        assertThat(scene.node(0).calls(EXTEND)).hasSizeGreaterThan(5);
        scene.allAnswering(EXTEND, Done.INSTANCE);
        scene.time.advance(LEASE.multipliedBy(10));

        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void aNodeThatBreaksThePortDoesNotKeepTheOthersFromBeingAsked() {
        scene.node(0).answering(EXTEND, call -> {
            throw new IllegalStateException("on purpose");
        });
        Lease lease = hold(LockSettings.NO_CAP);
        scene.time.advance(LEASE.multipliedBy(20));

        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void aLeaseThatNoNodeAnswersForIsLostOnceAtItsDeadline() {
        Lease lease = hold(LockSettings.NO_CAP);
        scene.nodes.forEach(node -> node.silentOn(EXTEND));
        scene.time.advance(ScriptedQuorum.USABLE.minusNanos(1));
        assertThat(lost).hasValue(0);
        scene.time.advance(Duration.ofNanos(1));
        assertThat(lost).hasValue(1);
        assertThat(lease.isHeld()).isFalse();

        scene.time.advance(LEASE.multipliedBy(10));
        lease.close();
        assertThat(lost).hasValue(1);
        assertThat(ends()).singleElement().isInstanceOf(LockEvent.Lost.class);
    }

    @Test
    void nothingIsAskedForALeaseOnceItIsClosed() {
        Lease lease = hold(LockSettings.NO_CAP);
        scene.time.advance(LEASE);
        lease.close();
        int asked = scene.node(0).calls(EXTEND).size();
        scene.time.advance(LEASE.multipliedBy(10));

        assertThat(scene.node(0).calls(EXTEND)).hasSize(asked);
        assertThat(scene.time.waiting()).isZero();
    }

    @Test
    void noLeaseIsKeptBeyondItsCap() {
        Duration cap = LEASE.multipliedBy(3);
        Lease lease = hold(cap);
        scene.time.advance(LEASE.multipliedBy(2));
        assertThat(lease.isHeld()).isTrue();
        scene.time.advance(LEASE);

        assertThat(lease.isHeld()).isFalse();
        assertThat(lost).hasValue(1);
    }

    @Test
    void manyLeasesShareTheirRequests() {
        QuorumClient client = client(LockSettings.NO_CAP, Runnable::run);
        List<Lease> leases = IntStream.range(0, 2 * Renewals.BATCH + 1)
                .mapToObj(i -> client.tryAcquire("r" + i).orElseThrow())
                .toList();
        List<Integer> requests = new ArrayList<>();
        scene.node(0).onExtend(requests::add);
        scene.time.advance(LEASE.dividedBy(2));

        assertThat(requests).containsExactly(Renewals.BATCH, Renewals.BATCH, 1);
        scene.time.advance(LEASE.multipliedBy(5));
        assertThat(leases).allMatch(Lease::isHeld);
    }

    @Test
    void leasesAreKeptWhileTheExecutorOfTheApplicationRunsNothing() {
        List<Runnable> stuck = new ArrayList<>();
        QuorumClient client = client(LockSettings.NO_CAP, stuck::add);
        Lease lease = client.tryAcquire("r").orElseThrow();
        scene.time.advance(LEASE.multipliedBy(20));

        assertThat(lease.isHeld()).isTrue();
        assertThat(events).isEmpty();
        assertThat(stuck).isNotEmpty();
    }
}
