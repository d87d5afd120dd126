package dev.fencepost.internal;

import static dev.fencepost.internal.ScriptedNode.Verb.GRANT;
import static dev.fencepost.internal.ScriptedNode.Verb.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.internal.ScriptedNode.Call;
import dev.fencepost.spi.NodeReply.Granted;
import dev.fencepost.spi.NodeReply.NewerView;
import dev.fencepost.spi.NodeReply.Unavailable;
import dev.fencepost.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Attempts one after the other, over nodes that answer as the test says. */
final class AcquisitionTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ScriptedQuorum scene = new ScriptedQuorum(3);

    @Test
    void aRefusedAttemptIsFollowedByAnotherUnderAnotherOwnerAfterAPause() {
        CompletableFuture<Outcome> result = start(LONG);
        scene.refuseAll(100);
        assertThat(scene.node(0).asked()).containsExactly(GRANT);

        scene.time.advance(ScriptedQuorum.RETRY_DELAY.multipliedBy(2));
        scene.grantAll(6);

        assertThat(result).isCompletedWithValueMatching(Outcome.Acquired.class::isInstance);
        assertThat(scene.node(0).asked()).containsExactly(GRANT, GRANT);
        assertThat(scene.node(0).calls(GRANT))
                .extracting(call -> call.request().owner())
                .doesNotHaveDuplicates();
        assertThat(scene.time.waiting()).as("the end of the lease alone").isEqualTo(1);
    }

    @Test
    void theTryingEndsWithTheWaitAndOneLastAttempt() {
        CompletableFuture<Outcome> result = start(Duration.ofMillis(3));
        scene.refuseAll(500);
        assertThat(result).isNotDone();
        scene.time.advance(Duration.ofMillis(3));
        scene.refuseAll(497);

        assertThat(result).isCompletedWithValue(new Outcome.Contended(497, false, 0));
        assertThat(scene.time.waiting()).isZero();
    }

    @Test
    void aCallWithoutAWaitBeginsAgainAsOftenAsViewsChangeButNotForLong() {
        CompletableFuture<Outcome> result = start(Duration.ZERO);
        for (long view = 7; view < 10; view++) {
            scene.allReadyIn(view);
            scene.node(0).answer(GRANT, new NewerView(view));
        }
        scene.time.advance(ScriptedQuorum.NODE_TIMEOUT.minusMillis(1));
        scene.allReadyIn(10);
        scene.node(0).answer(GRANT, new NewerView(10));
        assertThat(result).isNotDone();
        scene.time.advance(Duration.ofMillis(2));
        scene.allReadyIn(11);
        scene.node(0).answer(GRANT, new NewerView(11));

        assertThat(result)
                .isCompletedWithValueMatching(
                        outcome -> outcome instanceof Outcome.Unavailable unavailable
                                && unavailable.what().contains("view 11"),
                        "unavailable, and names the view");
        assertThat(scene.node(0).calls(GRANT)).hasSize(5);
    }

    @Test
    void withoutAWaitThereIsOneAttempt() {
        CompletableFuture<Outcome> result = start(Duration.ZERO);
        scene.refuseAll(500);

        assertThat(result).isCompletedWithValue(new Outcome.Contended(500, false, 0));
    }

    @Test
    void aQuorumThatIsNotThereIsWaitedFor() {
        CompletableFuture<Outcome> result = start(LONG);
        scene.nodes.forEach(node -> node.answer(GRANT, new Unavailable("down")));
        assertThat(result).isNotDone();
        scene.time.advance(ScriptedQuorum.RETRY_DELAY.multipliedBy(2));
        scene.grantAll(1);

        assertThat(result).isCompletedWithValueMatching(Outcome.Acquired.class::isInstance);
    }

    @Test
    void aNewerViewStartsAgainFromNothingInThatViewAtOnceEvenWithoutAWait() {
        scene.allReadyIn(7);
        CompletableFuture<Outcome> result = start(Duration.ZERO);
        scene.node(0).answer(GRANT, new Granted(8));
        scene.node(1).answer(GRANT, new NewerView(7));
        assertThat(scene.node(0).asked()).containsExactly(GRANT, RELEASE, GRANT);
        scene.node(2).next(GRANT).reply().complete(new Granted(8));
        assertThat(result).as("a grant of the older view came").isNotDone();

        scene.node(1).answer(GRANT, new Granted(3));
        scene.node(2).answer(GRANT, new Granted(3));

        assertThat(result)
                .isCompletedWithValueMatching(outcome -> outcome instanceof Outcome.Acquired acquired
                        && acquired.lease().token().value() == 3);
        assertThat(scene.node(0).calls(GRANT).get(1).request().view().number()).isEqualTo(7);
        assertThat(scene.node(0).calls(GRANT))
                .extracting(call -> call.request().owner())
                .doesNotHaveDuplicates();
    }

    @Test
    void laterAcquisitionsBeginInTheNewestViewThatWasSeen() {
        scene.allReadyIn(7);
        Quorum quorum = scene.quorum();
        var unused = start(quorum, "r", Duration.ZERO);
        scene.node(0).answer(GRANT, new NewerView(7));
        var unusedToo = start(quorum, "other", Duration.ZERO);

        assertThat(scene.node(0).calls(GRANT))
                .extracting(call -> call.request().view().number())
                .containsExactly(0L, 7L, 7L);
    }

    @Test
    void aCancelledAcquisitionIsReleasedAndGrantsThatComeLaterAreNothing() {
        CompletableFuture<Outcome> result = start(LONG);
        scene.node(0).answer(GRANT, new Granted(1));
        List<Call> late = List.of(scene.node(1).next(GRANT), scene.node(2).next(GRANT));
        result.cancel(false);
        late.forEach(call -> call.reply().complete(new Granted(1)));
        scene.time.advance(LONG);

        assertThat(scene.asked()).containsOnly(List.of(GRANT, RELEASE));
        assertThat(scene.time.waiting()).isZero();
    }

    @Test
    void anAcquisitionThatIsCancelledInItsPauseTriesNoMore() {
        CompletableFuture<Outcome> result = start(LONG);
        scene.refuseAll(100);
        result.cancel(false);
        assertThat(scene.time.waiting()).isZero();
        scene.time.advance(LONG);

        assertThat(scene.nodes).allSatisfy(node -> assertThat(node.calls(GRANT)).hasSize(1));
    }

    /** The attempt is decided, and its outcome not yet handed over, when the acquisition is cancelled. */
    @Test
    void aWinThatNobodyWantsAnyMoreIsReleased() {
        List<Runnable> whenDecided = new ArrayList<>();
        Scheduler telling = (delay, work) -> {
            Scheduler.Task task = scene.time.schedule(delay, work);
            return () -> {
                task.cancel();
                whenDecided.forEach(Runnable::run);
            };
        };
        CompletableFuture<Outcome> result = start(scene.quorumOn(telling), "r", LONG);
        whenDecided.add(() -> result.cancel(false));
        scene.grantAll(4);

        assertThat(result).isCancelled();
        assertThat(scene.asked()).containsOnly(List.of(GRANT, RELEASE));
        assertThat(scene.node(1).calls(RELEASE)).extracting(Call::token).containsExactly(4L);
    }

    /** A thread that is held up between asking for its end and standing in line finds it over before it stands there. */
    @Test
    void whoseWaitIsOverBeforeItStandsInLineDoesNotBlockTheLine() {
        Quorum hasty = scene.quorumOn((delay, work) -> {
            if (delay.equals(LONG)) {
                work.run();
            }
            return scene.time.schedule(delay, work);
        });
        WaitingRoom room = new WaitingRoom(hasty);
        CompletableFuture<Outcome> over = start(room, hasty, LONG);
        CompletableFuture<Outcome> next = start(room, hasty, LONG.plusSeconds(1));
        scene.grantAll(1);

        assertThat(over).isCompletedWithValue(Outcome.Contended.BEHIND_OTHERS);
        assertThat(next).isCompletedWithValueMatching(Outcome.Acquired.class::isInstance);
    }

    private static CompletableFuture<Outcome> start(WaitingRoom room, Quorum quorum, Duration maxWait) {
        return ScriptedQuorum.acquire(room, quorum, new Demand("r", 0, maxWait));
    }

    private CompletableFuture<Outcome> start(Duration maxWait) {
        return start(scene.quorum(), "r", maxWait);
    }

    private static CompletableFuture<Outcome> start(Quorum quorum, String resource, Duration maxWait) {
        return ScriptedQuorum.acquire(new WaitingRoom(quorum), quorum, new Demand(resource, 0, maxWait));
    }
}
