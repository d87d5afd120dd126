package dev.fencepost.internal;

import static dev.fencepost.internal.ScriptedNode.Verb.GRANT;
import static dev.fencepost.internal.ScriptedNode.Verb.RAISE;
import static dev.fencepost.internal.ScriptedNode.Verb.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.internal.ScriptedNode.Call;
import dev.fencepost.internal.ScriptedNode.Verb;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Granted;
import dev.fencepost.spi.NodeReply.Held;
import dev.fencepost.spi.NodeReply.NewerView;
import dev.fencepost.spi.NodeReply.Unavailable;
import dev.fencepost.spi.NodeRequest.View;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** One attempt, over nodes that answer as the test says. */
final class AttemptTest {
    private final ScriptedQuorum scene = new ScriptedQuorum(3);
    private final CompletableFuture<Outcome> end = new CompletableFuture<>();

    @Test
    void anAttemptIsWonWhenAQuorumHasGrantedTheSame() {
        start(0);
        grant(2, 5);
        assertThat(end).isNotDone();
        grant(0, 5);

        assertThat(won().holding().lock().token()).isEqualTo(5);
        assertThat(scene.asked()).containsOnly(List.of(GRANT));
        assertThat(scene.time.waiting()).as("timeouts left behind").isZero();
    }

    @Test
    void theGrantAsksEveryNodeForTheSameInOneView() {
        start(41);

        assertThat(scene.nodes)
                .allSatisfy(node -> assertThat(node.calls(GRANT))
                        .singleElement()
                        .returns(1_000L, Call::ttlMillis)
                        .returns(41L, Call::token)
                        .returns(scene.node(0).calls(GRANT).get(0).request(), Call::request)
                        .returns(View.NONE, call -> call.request().view()));
        assertThat(scene.node(0).calls(GRANT).get(0).request().owner()).matches("[0-9a-f]{32}");
    }

    @Test
    void theDeadlineCountsFromBeforeTheFirstSend() {
        scene.time.advance(Duration.ofMillis(70));
        long before = scene.time.nanoTime();
        scene.node(0).answering(GRANT, call -> {
            scene.time.advance(Duration.ofMillis(100));
            return new Granted(1);
        });
        start(0);
        scene.time.advance(Duration.ofMillis(200));
        grant(1, 1);

        assertThat(won().holding().term().deadlineNanos() - before).isEqualTo(ScriptedQuorum.USABLE.toNanos());
    }

    @Test
    void aNodeThatGrantedLessIsRaisedToTheTokenFirst() {
        start(0);
        grant(0, 3);
        grant(1, 8);
        assertThat(end).isNotDone();

        Call raise = scene.node(0).next(RAISE);
        assertThat(raise.token()).isEqualTo(8);
        raise.reply().complete(NodeReply.Done.INSTANCE);

        assertThat(won().holding().lock().token()).isEqualTo(8);
        assertThat(scene.asked()).containsExactly(List.of(GRANT, RAISE), List.of(GRANT), List.of(GRANT));
    }

    @Test
    void aNodeThatLostTheLockBeforeTheRaiseDoesNotCountAndALateSmallerGrantDoes() {
        start(0);
        grant(0, 3);
        grant(1, 8);
        scene.node(0).answer(RAISE, NodeReply.NotHeld.INSTANCE);
        assertThat(end).isNotDone();
        grant(2, 7);
        scene.node(2).answer(RAISE, NodeReply.Done.INSTANCE);

        assertThat(won().holding().lock().token()).isEqualTo(8);
    }

    @Test
    void aLateGrantLargerThanTheTokenDoesNotCount() {
        start(0);
        grant(0, 3);
        grant(1, 8);
        scene.node(0).answer(RAISE, NodeReply.NotHeld.INSTANCE);
        grant(2, 9);

        assertThat(end).isCompletedWithValueMatching(Outcome.Contended.class::isInstance);
        assertReleased(0, List.of(GRANT, RAISE, RELEASE), List.of(GRANT, RELEASE), List.of(GRANT, RELEASE));
    }

    @Test
    void aQuorumThatTookTheWholeLeaseIsNotAcquiredAndIsReleased() {
        start(0);
        grant(0, 1);
        scene.time.advance(ScriptedQuorum.USABLE);
        grant(1, 1);

        assertThat(end).isCompletedWithValueMatching(Outcome.Unavailable.class::isInstance);
        assertReleased(0, List.of(GRANT, RELEASE), List.of(GRANT, RELEASE), List.of(GRANT, RELEASE));
    }

    @Test
    void aQuorumThatLeftANanosecondOfTheLeaseIsAcquired() {
        start(0);
        grant(0, 1);
        scene.time.advance(ScriptedQuorum.USABLE.minusNanos(1));
        grant(1, 1);

        assertThat(won().holding().term().deadlineNanos() - scene.time.nanoTime())
                .isEqualTo(1);
    }

    @Test
    void aFailureIsReleasedOnAllNodesButThoseThatRefused() {
        start(0);
        scene.node(1).answer(GRANT, new Held(400));
        grant(0, 1);
        scene.node(2).answer(GRANT, new Held(300));

        assertThat(end).isCompletedWithValue(new Outcome.Contended(300, true, 0));
        assertReleased(0, List.of(GRANT, RELEASE), List.of(GRANT), List.of(GRANT));
    }

    @Test
    void aNodeThatDidNotAnswerIsReleasedToo() {
        start(0);
        scene.node(0).answer(GRANT, new Held(400));
        scene.node(1).answer(GRANT, new Held(300));

        assertThat(end).isDone();
        assertReleased(0, List.of(GRANT), List.of(GRANT), List.of(GRANT, RELEASE));
    }

    @Test
    void noReleaseGoesOutBeforeItsGrant() {
        scene.node(0).answering(GRANT, new Held(400));
        scene.node(1).answering(GRANT, new Held(300));
        start(0);

        assertThat(end).isCompletedWithValue(new Outcome.Contended(300, false, 0));
        assertThat(scene.node(2).asked()).containsExactly(GRANT, RELEASE);
    }

    @Test
    void theReleaseIsForTheOwnerOfTheGrant() {
        start(0);
        grant(0, 1);
        scene.node(1).answer(GRANT, new Held(400));
        scene.node(2).answer(GRANT, new Held(300));

        assertThat(scene.node(0).calls(RELEASE).get(0).request())
                .isEqualTo(scene.node(0).calls(GRANT).get(0).request());
    }

    @Test
    void silentNodesEndTheAttemptAfterTheNodeTimeoutEachWithItsReason() {
        start(0);
        scene.node(0).answer(GRANT, new Unavailable("connection refused"));
        grant(1, 4);
        scene.time.advance(ScriptedQuorum.NODE_TIMEOUT.minusNanos(1));
        assertThat(end).isNotDone();
        scene.time.advance(Duration.ofNanos(1));

        assertThat(((Outcome.Unavailable) end.join()).reasons())
                .containsExactly(
                        Map.entry("node-0", "connection refused"), Map.entry("node-2", "no answer within 995 ms"));
        assertReleased(0, List.of(GRANT, RELEASE), List.of(GRANT, RELEASE), List.of(GRANT, RELEASE));
    }

    @Test
    void aRaiseThatStaysUnansweredEndsWithTheNodeTimeoutToo() {
        start(0);
        grant(0, 1);
        grant(1, 2);
        scene.time.advance(ScriptedQuorum.NODE_TIMEOUT);

        assertThat(((Outcome.Unavailable) end.join()).reasons()).containsOnlyKeys("node-0", "node-2");
    }

    @Test
    void aStageThatFailsAgainstThePortsWordIsASilentNode() {
        start(0);
        scene.node(0).next(GRANT).reply().completeExceptionally(new IllegalStateException("broken adapter"));
        scene.node(1).next(GRANT).reply().completeExceptionally(new IllegalStateException("broken adapter"));

        assertThat(((Outcome.Unavailable) end.join()).reasons().get("node-1")).contains("broken adapter");
    }

    @Test
    void countersAtTheirEndAreNoContention() {
        start(0);
        scene.node(0).answer(GRANT, new NodeReply.Exhausted("9007199254740991"));
        scene.node(1).answer(GRANT, new NodeReply.Exhausted("9007199254740991"));

        assertThat(((Outcome.Exhausted) end.join()).reasons())
                .containsOnlyKeys("node-0", "node-1")
                .allSatisfy((node, reason) -> assertThat(reason).contains("9007199254740991"));
        assertReleased(0, List.of(GRANT), List.of(GRANT), List.of(GRANT, RELEASE));
    }

    @Test
    void aNewerViewSupersedesTheAttemptWhichIsReleased() {
        start(0);
        grant(0, 1);
        scene.node(1).answer(GRANT, new NewerView(7));

        assertThat(end).isCompletedWithValue(new Outcome.Superseded(7));
        assertReleased(0, List.of(GRANT, RELEASE), List.of(GRANT, RELEASE), List.of(GRANT, RELEASE));
    }

    @Test
    void anAbandonedAttemptIsReleasedOnceAndNeverWon() {
        Attempt attempt = start(0);
        grant(0, 1);
        attempt.abandon();
        attempt.abandon();
        grant(1, 1);

        assertThat(end).isNotDone();
        assertReleased(0, List.of(GRANT, RELEASE), List.of(GRANT, RELEASE), List.of(GRANT, RELEASE));
        assertThat(scene.time.waiting()).isZero();
    }

    /** Others were refused by a quorum, and take it for held. */
    @Test
    void theEndOfAnAttemptIsAnnouncedThatAQuorumMayHaveGranted() {
        Attempt attempt = start(0);
        grant(0, 1);
        attempt.abandon();

        assertThat(scene.nodes).allSatisfy(node -> assertThat(node.announced()).containsExactly(0L));
    }

    @Test
    void theEndOfAnAttemptThatNoQuorumCanHaveGrantedConcernsNobody() {
        start(0);
        grant(0, 1);
        scene.node(1).answer(GRANT, new Held(400));
        scene.node(2).answer(GRANT, new Held(400));

        assertThat(end).isCompleted();
        assertThat(scene.nodes).allSatisfy(node -> assertThat(node.announced()).isEmpty());
    }

    @Test
    void nothingHappensAnyMoreOnceAnAttemptIsWon() {
        Attempt attempt = start(0);
        grant(0, 1);
        grant(1, 1);
        grant(2, 9);
        attempt.abandon();
        scene.time.advance(Duration.ofSeconds(5));

        assertThat(won().holding().lock().token()).isEqualTo(1);
        assertThat(scene.asked()).containsOnly(List.of(GRANT));
    }

    private Attempt start(long floor) {
        Attempt attempt = Attempt.start(scene.quorum(), Wanted.one("r", floor), Attempt.ALL_AT_ONCE);
        attempt.outcome().thenAccept(end::complete);
        return attempt;
    }

    private void grant(int node, long token) {
        scene.node(node).answer(GRANT, new Granted(token));
    }

    private Outcome.Won won() {
        assertThat(end).isCompletedWithValueMatching(Outcome.Won.class::isInstance);
        return (Outcome.Won) end.join();
    }

    private void assertReleased(long token, List<Verb> first, List<Verb> second, List<Verb> third) {
        assertThat(scene.asked()).containsExactly(first, second, third);
        assertThat(scene.nodes)
                .flatExtracting(node -> node.calls(RELEASE))
                .extracting(Call::token)
                .containsOnly(token);
    }
}
