package dev.fencepost.internal;

import static dev.fencepost.internal.ScriptedNode.Verb.GRANT;
import static dev.fencepost.internal.ScriptedNode.Verb.RAISE;
import static dev.fencepost.internal.ScriptedNode.Verb.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Granted;
import dev.fencepost.spi.NodeReply.Held;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attempts that do without a node that answers late, as long as they can. */
final class AskingTest {
    private static final int LATE = 2;

    private final ScriptedQuorum scene = new ScriptedQuorum(3);
    private final Quorum quorum = scene.quorum();
    private final CompletableFuture<Outcome> end = new CompletableFuture<>();

    @BeforeEach
    void oneNodeAnswersLate() {
        for (int i = 0; i < 20; i++) {
            quorum.laggards().note(0, 1_000_000, new Granted(1));
            quorum.laggards().note(1, 1_000_000, new Granted(1));
            quorum.laggards().note(LATE, 100_000_000, new Granted(1));
        }
    }

    @Test
    void aNodeThatAnswersLateIsNeitherAskedNorReleased() {
        start();
        grant(0);
        grant(1);
        HeldLease.of(quorum, new WaitingRoom(quorum), (Outcome.Won) end.join()).close();

        assertThat(scene.asked()).containsExactly(List.of(GRANT, RELEASE), List.of(GRANT, RELEASE), List.of());
        assertThat(scene.time.waiting()).isZero();
    }

    @Test
    void aLeaseThatIsPutBackOnANodeIsReleasedThereToo() {
        start();
        grant(0);
        grant(1);
        HeldLease lease = HeldLease.of(quorum, new WaitingRoom(quorum), (Outcome.Won) end.join());
        lease.restoreOn(LATE, quorum.view(), 1_000);
        lease.close();

        assertThat(scene.node(LATE).asked()).endsWith(RELEASE);
    }

    @Test
    void itIsAskedAsSoonAsTheOthersDoNotSuffice() {
        start();
        scene.node(0).answer(GRANT, new Held(400));
        assertThat(scene.node(LATE).asked()).isEmpty();
        grant(1);
        grant(LATE);

        assertThat(end)
                .isCompletedWithValueMatching(outcome -> outcome instanceof Outcome.Won won && won.roundTrips() == 2);
    }

    @Test
    void itIsAskedWhenAnotherIsSilent() {
        start();
        grant(0);
        scene.time.advance(ScriptedQuorum.NODE_TIMEOUT.dividedBy(4).minusNanos(1));
        assertThat(scene.node(LATE).asked()).isEmpty();
        scene.time.advance(Duration.ofNanos(1));
        grant(LATE);

        assertThat(end).isCompletedWithValueMatching(Outcome.Won.class::isInstance);
    }

    @Test
    void anAttemptThatIsAbandonedReleasesWhereItHasAsked() {
        Attempt attempt = start();
        attempt.abandon();
        scene.time.advance(ScriptedQuorum.NODE_TIMEOUT);

        assertThat(scene.asked()).containsExactly(List.of(GRANT, RELEASE), List.of(GRANT, RELEASE), List.of());
    }

    /** Somebody else has the others, and what the late one says is of no use. */
    @Test
    void itIsNotAskedWhenAllOthersRefuse() {
        start();
        scene.node(0).answer(GRANT, new Held(400));
        scene.node(1).answer(GRANT, new Held(300));

        assertThat(end).isCompletedWithValue(new Outcome.Contended(300, false, 0));
        assertThat(scene.node(LATE).asked()).isEmpty();
    }

    @Test
    void itIsAskedWhenANodeCannotBeRaised() {
        start();
        grant(0);
        scene.node(1).answer(GRANT, new Granted(7));
        scene.node(0).answer(RAISE, NodeReply.NotHeld.INSTANCE);
        scene.node(LATE).answer(GRANT, new Granted(7));

        assertThat(end).isCompletedWithValueMatching(Outcome.Won.class::isInstance);
    }

    /** Or each attempt would wait for the silent one first. */
    @Test
    void itIsAskedAtOnceWhenAnotherHasBeenSilentForAWhile() {
        for (int attempt = 0; attempt < 20; attempt++) {
            start();
            grant(0);
            scene.time.advance(ScriptedQuorum.NODE_TIMEOUT);
            scene.nodes.forEach(node -> node.silentOn(GRANT));
        }
        int before = scene.node(LATE).calls(GRANT).size();
        start();

        assertThat(scene.node(LATE).calls(GRANT)).hasSize(before + 1);
    }

    private Attempt start() {
        Attempt attempt = Attempt.start(quorum, Wanted.one("r", 0), Attempt.ALL_AT_ONCE);
        attempt.outcome().thenAccept(end::complete);
        return attempt;
    }

    private void grant(int node) {
        scene.node(node).answer(GRANT, new Granted(1));
    }
}
