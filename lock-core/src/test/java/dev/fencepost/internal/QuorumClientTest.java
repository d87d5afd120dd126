package dev.fencepost.internal;

import static dev.fencepost.internal.ScriptedNode.Verb.GRANT;
import static dev.fencepost.internal.ScriptedNode.Verb.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.AcquireInterruptedException;
import dev.fencepost.Lease;
import dev.fencepost.LockTimeoutException;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.TokensExhaustedException;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Granted;
import dev.fencepost.spi.NodeReply.Held;
import dev.fencepost.spi.NodeReply.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client as a caller meets it, over nodes that answer as the test says. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class QuorumClientTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ScriptedQuorum scene = new ScriptedQuorum(3);
    private final AtomicInteger freed = new AtomicInteger();
    private final QuorumClient client = scene.client(freed::incrementAndGet);

    @Test
    void whatSomebodyElseHoldsIsEmptyAndNoError() {
        scene.allAnswering(GRANT, new Held(700));

        assertThat(client.tryAcquire("r")).isEmpty();
    }

    @Test
    void whatSomebodyElseHoldsUntilTheWaitIsOverIsATimeout() {
        scene.allAnswering(GRANT, new Held(700));

        assertThatThrownBy(() -> client.acquire("r", Duration.ZERO))
                .isInstanceOf(LockTimeoutException.class)
                .hasMessage(
                        "'r' could not be locked within 0 ms: somebody else holds it, for 700 ms more unless that is"
                                + " extended");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-0.001S", "PT-2000000000H", "PT-2562047788015215H"})
    void aWaitOfLessThanNothingTriesOnce(Duration negative) {
        scene.allAnswering(GRANT, new Held(700));

        assertThatThrownBy(() -> client.acquire("r", negative)).isInstanceOf(LockTimeoutException.class);
        assertThat(scene.node(0).asked()).containsExactly(GRANT);
    }

    @Test
    void tooFewNodesAreNeverContention() {
        scene.node(0).answering(GRANT, new Held(700));
        scene.node(1).answering(GRANT, new Unavailable("connection refused"));
        scene.node(2).answering(GRANT, new Unavailable("no password"));

        for (Runnable asking :
                List.<Runnable>of(() -> client.tryAcquire("r"), () -> client.acquire("r", Duration.ZERO))) {
            assertThatThrownBy(asking::run)
                    .isInstanceOf(QuorumUnavailableException.class)
                    .hasMessageContaining("fewer than 2 of 3 nodes took part")
                    .hasMessageContaining("node-1=connection refused")
                    .hasMessageContaining("node-2=no password");
        }
    }

    @Test
    void countersAtTheirEndSayWhatToDo() {
        scene.allAnswering(GRANT, new NodeReply.Exhausted("9007199254740991"));

        assertThatThrownBy(() -> client.tryAcquire("r"))
                .isInstanceOf(TokensExhaustedException.class)
                .hasMessageContaining("use another name")
                .hasMessageContaining("9007199254740991");
    }

    @Test
    void namesThatAreNotAllowedReachNoNode() {
        assertThatThrownBy(() -> client.tryAcquire(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.acquire("a\0b", LONG)).isInstanceOf(IllegalArgumentException.class);

        assertThat(scene.asked()).containsOnly(List.of());
    }

    @Test
    void anInterruptedAcquireIsReleasedOnEveryNode() {
        AtomicBoolean flag = new AtomicBoolean();
        CompletableFuture<Thread> caller = new CompletableFuture<>();
        CompletableFuture<Lease> acquired = CompletableFuture.supplyAsync(
                () -> {
                    caller.complete(Thread.currentThread());
                    try {
                        return client.acquire("r", LONG);
                    } finally {
                        flag.set(Thread.currentThread().isInterrupted());
                    }
                },
                work -> new Thread(work, "caller").start());
        scene.node(0).answer(GRANT, new Granted(1));
        scene.node(2).next(GRANT);
        caller.join().interrupt();

        assertThatThrownBy(acquired::join).hasCauseInstanceOf(AcquireInterruptedException.class);
        assertThat(flag).isTrue();
        assertThat(scene.asked()).containsOnly(List.of(GRANT, RELEASE));
    }

    @Test
    void closingEndsAWaitingAcquireAndLeavesNothing() {
        CompletableFuture<Lease> acquired = onAThread(() -> client.acquire("r", LONG));
        scene.node(0).answer(GRANT, new Granted(1));
        scene.node(2).next(GRANT);
        client.close();

        assertThatThrownBy(acquired::join)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(scene.asked()).containsOnly(List.of(GRANT, RELEASE));
    }

    @Test
    void closingReleasesLeasesBeforeItClosesTheNodesOnce() throws InterruptedException {
        scene.allAnswering(GRANT, new Granted(1));
        Lease lease = client.tryAcquire("r").orElseThrow();
        Lease closed = client.tryAcquire("other").orElseThrow();
        closed.close();
        scene.nodes.forEach(node -> node.silentOn(RELEASE));
        Thread closing = new Thread(client::close, "closing");
        closing.start();
        scene.node(0).answer(RELEASE, NodeReply.Done.INSTANCE);
        scene.node(1).answer(RELEASE, NodeReply.Done.INSTANCE);
        ScriptedNode.Call last = scene.node(2).next(RELEASE);
        while (closing.isAlive() && closing.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(scene.nodes).noneMatch(ScriptedNode::isClosed);
        last.reply().complete(NodeReply.Done.INSTANCE);
        closing.join();
        client.close();

        assertThat(scene.nodes).allMatch(ScriptedNode::isClosed);
        assertThat(freed).hasValue(1);
        assertThat(lease.isHeld()).isFalse();
        assertThat(scene.asked()).containsOnly(List.of(GRANT, GRANT, RELEASE, RELEASE));
    }

    @Test
    void closingDoesNotWaitForASilentNodeLongerThanTheNodeTimeout() {
        scene.allAnswering(GRANT, new Granted(1));
        assertThat(client.tryAcquire("r")).isPresent();
        scene.node(1).silentOn(RELEASE);
        CompletableFuture<Void> closing = onAThread(() -> {
            client.close();
            return null;
        });
        scene.node(1).next(RELEASE);
        scene.time.awaitWork();
        scene.time.advance(ScriptedQuorum.NODE_TIMEOUT);
        closing.join();

        assertThat(freed).hasValue(1);
    }

    @Test
    void aClosedClientSaysSo() {
        client.close();

        assertThatThrownBy(() -> client.tryAcquire("r"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> client.acquire("r", LONG)).isInstanceOf(IllegalStateException.class);
        assertThat(scene.asked()).containsOnly(List.of());
    }

    private static <T> CompletableFuture<T> onAThread(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> new Thread(task, "caller").start());
    }
}
