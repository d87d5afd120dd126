package dev.fencepost.internal;

import static dev.fencepost.internal.ScriptedNode.Verb.GRANT;
import static dev.fencepost.internal.ScriptedNode.Verb.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Granted;
import dev.fencepost.spi.NodeReply.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A lease that is closed where others of the same client wait. */
final class HandOversTest {
    private static final NodeReply DOWN = new Unavailable("down");
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ScriptedQuorum scene = new ScriptedQuorum(5);

    @Test
    void theReleaseGoesWithTheGrantOfTheNextInLine() {
        Quorum quorum = scene.quorum();
        WaitingRoom room = new WaitingRoom(quorum);
        HeldLease first = take(acquire(room, quorum), 1);
        CompletableFuture<Outcome> second = acquire(room, quorum);
        assertThat(scene.asked()).as("while it is held").allMatch(List.of(GRANT)::equals);

        first.close();
        assertThat(scene.asked()).allMatch(List.of(GRANT, RELEASE, GRANT)::equals);
        assertThat(scene.nodes)
                .allSatisfy(node -> assertThat(node.handedOver()).containsExactly(1L))
                .allSatisfy(node -> assertThat(node.announced()).isEmpty());
        assertThat(take(second, 2).token().value()).isEqualTo(2);
    }

    @Test
    void whereNobodyWaitsItGoesByItself() {
        Quorum quorum = scene.quorum();
        WaitingRoom room = new WaitingRoom(quorum);
        take(acquire(room, quorum), 1).close();
        take(acquire(room, quorum), 2);

        assertThat(scene.asked()).allMatch(List.of(GRANT, RELEASE, GRANT)::equals);
        assertThat(scene.nodes).allSatisfy(node -> assertThat(node.handedOver()).isEmpty());
    }

    /** The first attempt of a thrifty client asks all nodes, and the second does not. */
    @Test
    void nodesThatTheNextOneDoesNotAskAreReleasedAllTheSame() {
        Quorum quorum = scene.thriftyQuorum();
        HeldLease first = heldWhileAnotherWaits(quorum);
        first.close();

        assertThat(scene.nodes)
                .filteredOn(node -> node.handedOver().equals(List.of(1L)))
                .hasSize(3);
        assertThat(scene.nodes)
                .filteredOn(node -> node.handedOver().isEmpty())
                .hasSize(2)
                .allSatisfy(node -> assertThat(node.asked()).containsExactly(GRANT, RELEASE));
    }

    @Test
    void itGoesByItselfWhenTheNextOneMayNotBegin() {
        Quorum quorum = scene.quorum();
        HeldLease first = heldWhileAnotherWaits(quorum);
        quorum.stopAttempts();
        first.close();

        assertThat(scene.asked()).allMatch(List.of(GRANT, RELEASE)::equals);
        assertThat(quorum.released()).as("what is on its way").isDone();
    }

    @Test
    void aNodeThatCannotBeAskedIsGivenTheReleaseAgain() {
        Quorum quorum = scene.quorum();
        HeldLease first = heldWhileAnotherWaits(quorum);
        scene.node(3).answering(RELEASE, DOWN);
        first.close();
        scene.node(3).answering(RELEASE, new NodeReply.Released(0));
        scene.time.advance(LateReleases.TICK);

        assertThat(scene.node(3).calls(RELEASE)).hasSize(2);
        assertThat(scene.node(2).calls(RELEASE)).hasSize(1);
    }

    @Test
    void aNodeThatBreaksItsPromiseKeepsTheOthersFromNothing() {
        Quorum quorum = scene.quorum();
        WaitingRoom room = new WaitingRoom(quorum);
        HeldLease first = take(acquire(room, quorum), 1);
        CompletableFuture<Outcome> second = acquire(room, quorum);
        scene.node(0).answering(RELEASE, call -> {
            throw new IllegalStateException("broken");
        });
        first.close();

        assertThat(scene.node(0).calls(GRANT)).hasSize(1);
        scene.nodes.subList(1, 5).forEach(node -> node.answer(GRANT, new Granted(2)));
        assertThat(second).isCompletedWithValueMatching(Outcome.Acquired.class::isInstance);
    }

    @Test
    void whateverHappensInBetweenNoReleaseIsLost() {
        Quorum quorum = scene.quorum();
        HeldLock lock = new HeldLock("r", "owner", 1);
        HandOvers handOvers = quorum.handOvers();
        handOvers.release(lock, node -> node != 4, () -> {
            assertThat(handOvers.take(0, "another")).isEmpty();
            assertThat(handOvers.take(4, "r")).as("never asked").isEmpty();
            assertThat(handOvers.take(1, "r")).contains(lock);
            assertThat(handOvers.take(1, "r")).as("taken already").isEmpty();
        });

        assertThat(scene.asked())
                .containsExactly(List.of(RELEASE), List.of(), List.of(RELEASE), List.of(RELEASE), List.of());
        assertThat(handOvers.isEmpty()).as("nothing is kept").isTrue();
    }

    private HeldLease heldWhileAnotherWaits(Quorum quorum) {
        WaitingRoom room = new WaitingRoom(quorum);
        HeldLease first = take(acquire(room, quorum), 1);
        assertThat(acquire(room, quorum)).isNotDone();
        return first;
    }

    private CompletableFuture<Outcome> acquire(WaitingRoom room, Quorum quorum) {
        return ScriptedQuorum.acquire(room, quorum, new Demand("r", 0, LONG));
    }

    private HeldLease take(CompletableFuture<Outcome> end, long token) {
        scene.nodes.stream()
                .filter(node -> node.calls(GRANT).stream()
                        .anyMatch(call -> !call.reply().isDone()))
                .forEach(node -> node.answer(GRANT, new Granted(token)));
        return ScriptedQuorum.lease(end);
    }
}
