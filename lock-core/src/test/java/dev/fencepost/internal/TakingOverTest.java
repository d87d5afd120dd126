package dev.fencepost.internal;

import static dev.fencepost.internal.ScriptedNode.Verb.EXTEND;
import static dev.fencepost.internal.ScriptedNode.Verb.GRANT;
import static dev.fencepost.internal.ScriptedNode.Verb.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Granted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** One attempt for those who wait in the same line: they have what it holds one after the other, by tokens of their own. */
final class TakingOverTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration AN_EIGHTH = ScriptedQuorum.LEASE.dividedBy(8);

    private final ScriptedQuorum scene = new ScriptedQuorum(3);
    private final Quorum quorum = scene.quorum();
    private final WaitingRoom room = new WaitingRoom(quorum);

    @Test
    void anAttemptAsksForATokenForEachWhoWaitsThen() {
        HeldLease alone = won(acquire(), 1);
        acquireEach(3);
        alone.close();

        assertThat(tokensAskedFor()).containsExactly(1, 3);
    }

    @Test
    void theyHaveTheLockOneAfterTheOtherWithoutANodeBeingAskedOrTold() {
        List<CompletableFuture<Outcome>> line = lineBehindALease(3);
        HeldLease first = won(line.get(0), 4);
        assertThat(first.token().value()).isEqualTo(2);
        assertThat(line.get(1)).isNotDone();
        int asked = asked();

        first.close();
        HeldLease second = ScriptedQuorum.lease(line.get(1));
        assertThat(second.token().value()).isEqualTo(3);
        assertThat(first.isHeld()).isFalse();
        second.close();
        HeldLease third = ScriptedQuorum.lease(line.get(2));
        assertThat(third.token().value()).isEqualTo(4);
        assertThat(asked()).isEqualTo(asked);

        third.close();
        assertThat(scene.nodes)
                .allSatisfy(node -> assertThat(node.calls(RELEASE)).last().satisfies(release -> {
                    assertThat(release.token()).as("lifts counters to the last").isEqualTo(4);
                    assertThat(release.request().owner())
                            .isEqualTo(third.token().owner());
                }));
        assertThat(scene.time.waiting()).as("timeouts left behind").isZero();
    }

    /** It may have begun when somebody else had acquired a larger token already, if the nodes let go too early. */
    @Test
    void whoComesWhenTheAttemptHasBegunMakesOneOfItsOwn() {
        List<CompletableFuture<Outcome>> line = lineBehindALease(2);
        CompletableFuture<Outcome> late = acquire();
        HeldLease first = won(line.get(0), 3);
        line.get(1).cancel(false);
        first.close();

        assertThat(late).as("a token was left").isNotDone();
        assertThat(tokensAskedFor()).containsExactly(1, 2, 1);
        assertThat(won(late, 4).token().value()).isEqualTo(4);
    }

    @Test
    void whoHasGoneIsPassedOver() {
        List<CompletableFuture<Outcome>> line = lineBehindALease(3);
        HeldLease first = won(line.get(0), 4);
        line.get(1).cancel(false);
        first.close();

        assertThat(ScriptedQuorum.lease(line.get(2)).token().value()).isEqualTo(3);
    }

    @Test
    void whoWantsALargerTokenMakesAnAttemptOfItsOwn() {
        HeldLease alone = won(acquire(), 1);
        List<CompletableFuture<Outcome>> line = List.of(acquire(), acquireAbove(100));
        alone.close();
        HeldLease first = won(line.get(0), 3);
        first.close();

        assertThat(line.get(1)).isNotDone();
        assertThat(scene.node(0).calls(GRANT))
                .last()
                .satisfies(grant -> assertThat(grant.token()).as("the floor").isEqualTo(100));
    }

    @Test
    void whatIsTakenOverLastsAsLongAsItDidBefore() {
        List<CompletableFuture<Outcome>> line = lineBehindALease(2);
        HeldLease first = won(line.get(0), 3);
        scene.time.advance(AN_EIGHTH.minusMillis(20));
        Duration left = first.remaining();
        first.close();

        assertThat(ScriptedQuorum.lease(line.get(1)).remaining()).isEqualTo(left);
    }

    @Test
    void whatHasLastedForLongerThanAnEighthIsAskedForAnew() {
        List<CompletableFuture<Outcome>> line = lineBehindALease(2);
        HeldLease first = won(line.get(0), 3);
        scene.time.advance(AN_EIGHTH);
        first.close();

        assertThat(line.get(1)).isNotDone();
        HeldLease second = won(line.get(1), 4);
        assertThat(second.token().value()).isEqualTo(4);
        assertThat(second.remaining()).isEqualTo(ScriptedQuorum.USABLE);
    }

    @Test
    void whatWasProlongedIsTakenOverAsItIsThen() {
        scene.allAnswering(EXTEND, NodeReply.Done.INSTANCE);
        List<CompletableFuture<Outcome>> line = lineBehindALease(2);
        HeldLease first = won(line.get(0), 3);
        scene.time.advance(AN_EIGHTH.multipliedBy(2));
        first.extend(ScriptedQuorum.LEASE);
        first.close();

        assertThat(ScriptedQuorum.lease(line.get(1)).remaining()).isEqualTo(ScriptedQuorum.USABLE);
    }

    /** Whoever waits has asked for the usual length: if its process dies, nobody is to be kept out for longer. */
    @Test
    void whatWasProlongedBeyondALeaseIsAskedForAnew() {
        scene.allAnswering(EXTEND, NodeReply.Done.INSTANCE);
        List<CompletableFuture<Outcome>> line = lineBehindALease(2);
        HeldLease first = won(line.get(0), 3);
        first.extend(ScriptedQuorum.LEASE.multipliedBy(10));
        first.close();

        assertThat(line.get(1)).isNotDone();
        assertThat(won(line.get(1), 4).remaining()).isEqualTo(ScriptedQuorum.USABLE);
    }

    /** It may turn out that a quorum does not hold it any more. */
    @Test
    void whatIsJustBeingProlongedIsAskedForAnew() {
        List<CompletableFuture<Outcome>> line = lineBehindALease(3);
        HeldLease first = won(line.get(0), 4);
        CompletableFuture<Extension.Result> prolonging = first.extending(ScriptedQuorum.LEASE);
        first.close();
        assertThat(line.get(1)).isNotDone();

        scene.nodes.forEach(node -> node.answer(EXTEND, NodeReply.Done.INSTANCE));
        assertThat(prolonging).isCompleted();
        HeldLease second = won(line.get(1), 6);
        second.close();
        assertThat(ScriptedQuorum.lease(line.get(2)).token().value())
                .as("nothing is under way")
                .isEqualTo(6);
    }

    @Test
    void nothingIsTakenOverOfWhatIsLost() {
        List<CompletableFuture<Outcome>> line = lineBehindALease(2);
        HeldLease first = won(line.get(0), 3);
        scene.allAnswering(EXTEND, NodeReply.NotHeld.INSTANCE);
        var unused = first.extending(ScriptedQuorum.LEASE);
        assertThat(first.isHeld()).isFalse();
        first.close();

        assertThat(line.get(1)).isNotDone();
        assertThat(won(line.get(1), 4).token().value()).isEqualTo(4);
    }

    @Test
    void whatATakenOverLeaseHoldsIsExtendedAndReleasedByItself() {
        scene.allAnswering(EXTEND, NodeReply.Done.INSTANCE);
        List<CompletableFuture<Outcome>> line = lineBehindALease(2);
        won(line.get(0), 3).close();
        HeldLease second = ScriptedQuorum.lease(line.get(1));
        scene.time.advance(AN_EIGHTH.multipliedBy(4));
        second.extend(ScriptedQuorum.LEASE);

        assertThat(second.remaining()).isEqualTo(ScriptedQuorum.USABLE);
        scene.time.advance(ScriptedQuorum.LEASE);
        assertThat(second.isHeld()).isFalse();
        assertThat(second.over()).as("its own timer").isCompleted();
    }

    /** The eighth lease in a row is given back, and announced: others may be waiting as well. */
    @Test
    void afterSoManyOthersGetAChance() {
        List<CompletableFuture<Outcome>> line = lineBehindALease(Turns.MOST + 1);
        assertThat(tokensAskedFor()).last().isEqualTo(Turns.MOST - 1);
        HeldLease held = won(line.get(0), 8);
        for (int next = 1; next < Turns.MOST - 1; next++) {
            held.close();
            held = ScriptedQuorum.lease(line.get(next));
        }
        assertThat(scene.node(0).announced()).isEmpty();
        held.close();

        assertThat(scene.node(0).announced()).containsExactly(8L);
        assertThat(line.get(Turns.MOST - 1)).isNotDone();
    }

    @Test
    void whoIsCancelledAsItTakesOverLeavesItToTheNext() {
        List<CompletableFuture<Outcome>> line = lineBehindALease(3);
        HeldLease first = won(line.get(0), 4);
        // Its line is left only when all that is to happen at its end has.
        first.over().thenRun(() -> line.get(1).cancel(false));
        first.close();

        assertThat(ScriptedQuorum.lease(line.get(2)).token().value()).isEqualTo(4);
    }

    @Test
    void whereTheRoomIsClosedItIsReleased() {
        List<CompletableFuture<Outcome>> line = lineBehindALease(2);
        HeldLease first = won(line.get(0), 3);
        room.close();
        first.close();

        assertThat(line.get(1)).isNotDone();
        assertThat(scene.nodes).allSatisfy(node -> assertThat(node.announced()).containsExactly(3L));
    }

    /** A lease with one token, behind which so many wait, is closed; the first of them makes an attempt for all. */
    private List<CompletableFuture<Outcome>> lineBehindALease(int waiters) {
        HeldLease alone = won(acquire(), 1);
        List<CompletableFuture<Outcome>> line = acquireEach(waiters);
        alone.close();
        return line;
    }

    private List<CompletableFuture<Outcome>> acquireEach(int many) {
        List<CompletableFuture<Outcome>> line = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            line.add(acquire());
        }
        return line;
    }

    private CompletableFuture<Outcome> acquire() {
        return acquireAbove(0);
    }

    private CompletableFuture<Outcome> acquireAbove(long floor) {
        return ScriptedQuorum.acquire(room, quorum, new Demand("r", floor, LONG));
    }

    /** All nodes answer with this as the last of the tokens that were asked for. */
    private HeldLease won(CompletableFuture<Outcome> end, long last) {
        scene.nodes.forEach(node -> node.answer(GRANT, new Granted(last)));
        return ScriptedQuorum.lease(end);
    }

    private List<Integer> tokensAskedFor() {
        return scene.node(0).calls(GRANT).stream()
                .map(call -> call.request().tokens())
                .toList();
    }

    private int asked() {
        return scene.asked().stream().mapToInt(List::size).sum();
    }
}
