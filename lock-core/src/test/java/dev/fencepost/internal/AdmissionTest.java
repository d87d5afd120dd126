package dev.fencepost.internal;

import static dev.fencepost.internal.ScriptedNode.Verb.GRANT;
import static dev.fencepost.internal.ScriptedNode.Verb.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Lease;
import dev.fencepost.LockTimeoutException;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Granted;
import dev.fencepost.spi.NodeReply.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many who ask at the same moment. */
final class AdmissionTest {
    private static final int MOST = Admission.MOST;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ScriptedQuorum scene = new ScriptedQuorum(3);
    private final QuorumClient client = scene.client(() -> {});
    private final List<CompletableFuture<Lease>> asked = new ArrayList<>();

    private void ask(int count, Duration maxWait) {
        for (int i = 0; i < count; i++) {
            asked.add(client.acquireAsync("r" + asked.size(), maxWait).toCompletableFuture());
        }
    }

    private List<String> grantsAskedFor() {
        return scene.node(0).calls(GRANT).stream()
                .map(call -> call.request().resource())
                .toList();
    }

    private static List<String> resources(int count) {
        return IntStream.range(0, count).mapToObj(i -> "r" + i).toList();
    }

    private void grantNext() {
        scene.nodes.forEach(node -> node.answer(GRANT, new Granted(1)));
    }

    @Test
    void noMoreThanSoManyAttemptsAreUnderWayAndTheOthersFollowInTheirOrder() {
        ask(MOST + 50, LONG);
        assertThat(grantsAskedFor()).isEqualTo(resources(MOST));

        for (int i = 1; i <= 50; i++) {
            grantNext();
            assertThat(grantsAskedFor()).isEqualTo(resources(MOST + i));
        }
        assertThat(asked.subList(0, 50)).allMatch(CompletableFuture::isDone);
    }

    @Test
    void whoeverGivesUpBeforeItsTurnIsPassedOver() {
        ask(MOST + 3, LONG);
        asked.get(MOST).cancel(false);
        asked.get(MOST + 1).cancel(false);
        grantNext();

        assertThat(grantsAskedFor()).hasSize(MOST + 1).last().isEqualTo("r" + (MOST + 2));
    }

    @Test
    void whoeverGivesUpDuringItsAttemptMakesRoom() {
        ask(MOST + 1, LONG);
        asked.get(0).cancel(false);

        assertThat(grantsAskedFor()).isEqualTo(resources(MOST + 1));
        assertThat(scene.node(0).calls(RELEASE)).hasSize(1);
    }

    @Test
    void aWaitThatEndsBeforeItsTurnIsATimeoutAndPrompt() {
        ask(MOST, LONG);
        Duration wait = ScriptedQuorum.NODE_TIMEOUT.dividedBy(2);
        ask(1, wait);
        scene.time.advance(wait);

        assertThatThrownBy(asked.get(MOST)::join).hasCauseInstanceOf(LockTimeoutException.class);
        assertThat(grantsAskedFor()).hasSize(MOST);
    }

    @Test
    void withoutAWaitTheOneAttemptIsMadeWhenThereIsRoom() {
        ask(MOST, LONG);
        ask(1, Duration.ZERO);
        assertThat(asked.get(MOST)).isNotDone();
        scene.allAnswering(GRANT, new Granted(1));
        grantNext();

        assertThat(asked.get(MOST)).isCompleted();
    }

    @Test
    void nodesThatAreSilentAreWaitedForOnceForSoManyAttemptsTogether() {
        ask(MOST * 3, Duration.ofMillis(1));
        asked.clear();
        ask(MOST, Duration.ZERO);
        scene.time.advance(ScriptedQuorum.NODE_TIMEOUT.multipliedBy(2));

        assertThat(asked).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void attemptsThatFailAtOnceDoNotRunInEachOthersCalls() {
        ask(MOST, LONG);
        ask(5_000, Duration.ZERO);
        scene.allAnswering(GRANT, new Unavailable("not connected"));
        scene.nodes.forEach(node -> node.answer(GRANT, new Unavailable("not connected")));

        assertThat(asked.subList(MOST, asked.size())).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void closingEndsThoseThatWaitForTheirTurnAndAsksNobodyForThem() {
        ask(MOST + 100, LONG);
        client.close();

        assertThat(asked).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(grantsAskedFor()).hasSize(MOST);
        assertThat(scene.nodes)
                .allSatisfy(node -> assertThat(node.calls(RELEASE)).hasSize(MOST));
    }

    @Test
    void aRejectedAnswerDoesNotMakeRoomTwice() {
        ask(MOST + 5, LONG);
        ScriptedNode.Call first = scene.node(0).next(GRANT);
        first.reply().complete(new NodeReply.Held(700));
        scene.node(1).answer(GRANT, new NodeReply.Held(700));
        scene.node(2).answer(GRANT, new NodeReply.Held(700));

        assertThat(grantsAskedFor()).hasSize(MOST + 1);
    }
}
