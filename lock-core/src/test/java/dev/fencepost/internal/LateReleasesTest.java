package dev.fencepost.internal;

import static dev.fencepost.internal.ScriptedNode.Verb.GRANT;
import static dev.fencepost.internal.ScriptedNode.Verb.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Granted;
import dev.fencepost.spi.NodeReply.Released;
import dev.fencepost.spi.NodeReply.Unavailable;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a release that a node could not be given. */
final class LateReleasesTest {
    private static final NodeReply OUT = new Unavailable("not connected");
    private static final Duration LONGEST = ScriptedQuorum.SETTINGS.leases().longest();

    private final ScriptedQuorum scene = new ScriptedQuorum(3);
    private final QuorumClient client = scene.client(() -> {});
    private final ScriptedNode node = scene.node(1);

    private void hold(int leases) {
        scene.allAnswering(GRANT, new Granted(1));
        scene.allAnswering(RELEASE, new Released(0));
        node.answering(RELEASE, OUT);
        for (int i = 0; i < leases; i++) {
            client.tryAcquire("r" + i).orElseThrow().close();
        }
    }

    @Test
    void itIsRepeatedUntilTheNodeTakesItAndNotAfterwards() {
        hold(1);
        assertThat(node.calls(RELEASE)).hasSize(1);
        scene.time.advance(LateReleases.TICK);
        assertThat(node.calls(RELEASE)).hasSize(2);

        node.answering(RELEASE, new Released(0));
        scene.time.advance(LateReleases.TICK);
        assertThat(node.calls(RELEASE))
                .hasSize(3)
                .extracting(call -> call.request().owner())
                .containsOnly(node.calls(GRANT).get(0).request().owner());

        scene.time.advance(LONGEST);
        assertThat(node.calls(RELEASE)).hasSize(3);
        assertThat(scene.node(0).calls(RELEASE)).hasSize(1);
        assertThat(scene.time.waiting()).isZero();
    }

    @Test
    void aNodeThatIsNotWhatItWasMayStillHaveTheLock() {
        hold(0);
        node.answering(RELEASE, NodeReply.Forgotten.INSTANCE);
        client.tryAcquire("r").orElseThrow().close();
        scene.time.advance(LateReleases.TICK);
        assertThat(node.calls(RELEASE)).hasSize(2);

        node.answering(RELEASE, NodeReply.NotHeld.INSTANCE);
        scene.time.advance(LateReleases.TICK.multipliedBy(3));
        assertThat(node.calls(RELEASE)).hasSize(3);
    }

    @Test
    void aNodeThatIsOutIsAskedOnceATickAndOneThatIsBackForAllOfThem() {
        hold(100);
        assertThat(node.calls(RELEASE)).hasSize(100);
        scene.time.advance(LateReleases.TICK.multipliedBy(5));
        assertThat(node.calls(RELEASE)).hasSize(105);

        node.answering(RELEASE, new Released(0));
        scene.time.advance(LateReleases.TICK);
        assertThat(node.calls(RELEASE)).hasSize(205);
    }

    @Test
    void theNextOneWaitsForTheAnswerToTheOneBefore() {
        hold(2);
        node.silentOn(RELEASE);
        scene.time.advance(LateReleases.TICK);
        assertThat(node.calls(RELEASE)).hasSize(3);

        node.answer(RELEASE, new Released(0));
        assertThat(node.calls(RELEASE)).hasSize(4);
    }

    @Test
    void oneWithoutAnAnswerIsSentAgainAndDoesNotHoldUpTheOthers() {
        hold(2);
        node.silentOn(RELEASE);
        scene.time.advance(LateReleases.TICK.plus(ScriptedQuorum.NODE_TIMEOUT).plus(LateReleases.TICK));

        assertThat(node.calls(RELEASE).subList(2, 4))
                .extracting(call -> call.request().resource())
                .isEqualTo(List.of("r0", "r1"));
        scene.time.advance(LONGEST.multipliedBy(2));
        assertThat(scene.time.waiting()).isZero();
    }

    @Test
    void oneThatTheNodeRefusesForItselfDoesNotKeepTheOthersFromTheirTurn() {
        hold(3);
        String refused = node.calls(RELEASE).get(0).request().resource();
        node.answering(RELEASE, call -> call.request().resource().equals(refused) ? OUT : new Released(0));
        scene.time.advance(LateReleases.TICK.multipliedBy(2));

        assertThat(node.calls(RELEASE).subList(3, 6))
                .extracting(call -> call.request().resource())
                .isEqualTo(List.of("r0", "r1", "r2"));
    }

    @Test
    void itIsGivenUpWhenTheLockCannotLiveAnyMore() {
        hold(1);
        scene.time.advance(LONGEST.minus(LateReleases.TICK));
        int asked = node.calls(RELEASE).size();
        node.answering(RELEASE, new Released(0));
        scene.time.advance(LateReleases.TICK.multipliedBy(2));

        assertThat(node.calls(RELEASE)).hasSize(asked);
        assertThat(scene.time.waiting()).isZero();
    }

    @Test
    void noMoreThanABoundedNumberIsKept() {
        hold(LateReleases.MOST + 10);
        node.silentOn(RELEASE);
        scene.time.advance(LateReleases.TICK);

        assertThat(node.next(RELEASE).request().resource()).isEqualTo("r10");
    }

    @Test
    void nothingIsSentOnceTheClientIsClosed() {
        hold(1);
        client.close();
        int asked = node.calls(RELEASE).size();
        node.answering(RELEASE, new Released(0));
        scene.time.advance(LONGEST);

        assertThat(node.calls(RELEASE)).hasSize(asked);
        assertThat(scene.time.waiting()).isZero();
    }
}
