package dev.fencepost.internal;

import static dev.fencepost.internal.ScriptedNode.Verb.GRANT;
import static dev.fencepost.internal.ScriptedNode.Verb.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.spi.NodeReply.Granted;
import dev.fencepost.spi.NodeReply.Held;
import dev.fencepost.spi.NodeReply.Released;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How those who want the same resource at the same time learn when to try again, and make room for each other. */
final class ContentionTest {
    private final ScriptedQuorum scene = new ScriptedQuorum(3);

    /** Perhaps nobody holds it, and then no release is announced that would end a long pause. */
    @Test
    void theLoserOfASplitTriesAgainSoonHoweverLongThePausesHaveBecome() {
        CompletableFuture<Outcome> result = start();
        failOften();
        scene.node(0).answer(GRANT, new Granted(1));
        scene.node(1).answer(GRANT, new Held(5_000));
        scene.node(2).answer(GRANT, new Held(5_000));
        int before = scene.node(0).calls(GRANT).size();
        scene.time.advance(Duration.ofMillis(75));

        assertThat(scene.node(0).calls(GRANT)).hasSize(before + 1);
        assertThat(result).isNotDone();
    }

    @Test
    void anAttemptIsALoserOfASplitAlsoIfItsOnlyGrantComesWhenAllIsDecided() {
        var unused = start();
        failOften();
        scene.node(1).answer(GRANT, new Held(5_000));
        scene.node(2).answer(GRANT, new Held(5_000));
        scene.node(0).answer(GRANT, new Granted(1));
        int before = scene.node(0).calls(GRANT).size();
        scene.time.advance(Duration.ofMillis(75));

        assertThat(scene.node(0).calls(GRANT)).hasSize(before + 1);
    }

    /** One node alone does not tell whether anybody has won. */
    @Test
    void whoIsRefusedByTheNodeThatIsAskedFirstAsksAllSoon() {
        var unused = start();
        for (int splits = 0; splits < 3; splits++) {
            scene.node(0).answer(GRANT, new Granted(1));
            scene.node(1).answer(GRANT, new Held(5_000));
            scene.node(2).answer(GRANT, new Held(5_000));
            scene.time.advance(Duration.ofMillis(75));
        }
        int before = scene.node(1).calls(GRANT).size();
        scene.node(0).answer(GRANT, new Held(5_000));
        assertThat(scene.node(1).calls(GRANT)).as("the first alone was asked").hasSize(before);
        scene.time.advance(Duration.ofMillis(75));

        assertThat(scene.node(0).next(GRANT).reply()).isNotDone();
        assertThat(scene.node(1).calls(GRANT)).hasSize(before + 1);
    }

    /** Or the line would take it to be handed over to the acquisition that has just ended. */
    @Test
    void theReleaseOfALeaseIsAnnouncedHoweverSoonItIsClosed() {
        Quorum quorum = scene.quorum();
        WaitingRoom room = new WaitingRoom(quorum);
        CompletableFuture<Outcome> won = start(room, quorum);
        var unused =
                won.thenAccept(outcome -> ((Outcome.Acquired) outcome).lease().close());
        scene.grantAll(1);

        assertThat(scene.node(0).announced()).containsExactly(1L);
    }

    @Test
    void whoeverTookAnAttemptForTheHolderIsWokenWhenThatCameToNothing() {
        var unused = start();
        failOften();
        scene.refuseAll(5_000);
        int before = scene.node(0).calls(GRANT).size();
        scene.node(0).announce(0);
        scene.node(0).announce(0);
        assertThat(scene.node(0).calls(GRANT)).as("one node is no quorum").hasSize(before);
        scene.node(2).announce(0);
        scene.time.advance(Duration.ofMillis(75));

        assertThat(scene.node(0).calls(GRANT)).hasSize(before + 1);
    }

    @Test
    void whoeverLocksAgainAtOnceLetsThoseGoFirstWhoWereSeenToWait() {
        Quorum quorum = scene.quorum();
        WaitingRoom room = seenToBeWaitedFor(quorum);
        CompletableFuture<Outcome> again = start(room, quorum);
        assertThat(scene.node(0).asked()).containsExactly(GRANT, RELEASE);

        scene.time.advance(ScriptedQuorum.RETRY_DELAY.multipliedBy(2));
        scene.grantAll(2);
        assertThat(again).isCompletedWithValueMatching(Outcome.Acquired.class::isInstance);
    }

    /** It watches while it lets others go first, and the nodes may tell it of its own release as well. */
    @Test
    void whoeverLocksAgainIsNotWokenByItsOwnReleaseButByThatOfAnother() {
        Quorum quorum = scene.quorum();
        WaitingRoom room = seenToBeWaitedFor(quorum);
        var unused = start(room, quorum);
        scene.nodes.forEach(node -> node.announce(1));
        assertThat(scene.node(0).asked()).as("of its own").containsExactly(GRANT, RELEASE);

        scene.nodes.forEach(node -> node.announce(2));
        assertThat(scene.node(0).asked()).containsExactly(GRANT, RELEASE, GRANT);
    }

    /** Or others would have to wait for up to eight leases that are all that long. */
    @Test
    void whereOthersWaitALongLeaseIsAnnouncedWhenEverybodyInTheLineHasHadOne() {
        Quorum quorum = scene.quorum();
        WaitingRoom room = seenToBeWaitedFor(quorum);
        CompletableFuture<Outcome> first = start(room, quorum);
        scene.time.advance(ScriptedQuorum.RETRY_DELAY.multipliedBy(2));
        scene.grantAll(2);
        var unused = start(room, quorum);
        scene.time.advance(Duration.ofMillis(20));
        ScriptedQuorum.lease(first).close();

        assertThat(scene.node(0).announced()).containsExactly(1L, 2L);
    }

    @Test
    void whoeverLocksAgainWhenNobodyWasSeenToWaitOrLongAgoGoesAtOnce() {
        Quorum quorum = scene.quorum();
        WaitingRoom room = new WaitingRoom(quorum);
        lockAndRelease(room, quorum);
        scene.allAnswering(RELEASE, new Released(1));
        lockAndRelease(room, quorum);
        scene.time.advance(Duration.ofSeconds(1));
        lockAndRelease(room, quorum);

        assertThat(scene.node(0).asked()).containsExactly(GRANT, RELEASE, GRANT, RELEASE, GRANT, RELEASE);
    }

    /** A room that has just released a lease while another client watched. */
    private WaitingRoom seenToBeWaitedFor(Quorum quorum) {
        scene.allAnswering(RELEASE, new Released(1));
        WaitingRoom room = new WaitingRoom(quorum);
        lockAndRelease(room, quorum);
        return room;
    }

    private void lockAndRelease(WaitingRoom room, Quorum quorum) {
        CompletableFuture<Outcome> won = start(room, quorum);
        scene.grantAll(1);
        ScriptedQuorum.lease(won).close();
    }

    /** Lets the pauses become long. */
    private void failOften() {
        for (int failures = 0; failures < 6; failures++) {
            scene.refuseAll(5_000);
            scene.time.advance(Duration.ofMillis(300));
        }
    }

    private CompletableFuture<Outcome> start() {
        Quorum quorum = scene.quorum();
        return start(new WaitingRoom(quorum), quorum);
    }

    private static CompletableFuture<Outcome> start(WaitingRoom room, Quorum quorum) {
        return ScriptedQuorum.acquire(room, quorum, new Demand("r", 0, Duration.ofMinutes(1)));
    }
}
