package dev.fencepost.internal;

import static dev.fencepost.internal.ScriptedNode.Verb.EXTEND;
import static dev.fencepost.internal.ScriptedNode.Verb.GRANT;
import static dev.fencepost.internal.ScriptedNode.Verb.RELEASE;
import static dev.fencepost.internal.ScriptedNode.Verb.RESTORE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Done;
import dev.fencepost.spi.NodeReply.Granted;
import dev.fencepost.spi.NodeReply.Held;
import dev.fencepost.spi.NodeReply.NotHeld;
import dev.fencepost.spi.NodeReply.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attempts and leases of a client that asks a quorum of the nodes first. */
final class ThriftyTest {
    private static final NodeReply DOWN = new Unavailable("down");
    private static final Duration PATIENCE = ScriptedQuorum.NODE_TIMEOUT.dividedBy(4);
    private static final Duration EXTENDED = Duration.ofSeconds(2);

    private final ScriptedQuorum scene = new ScriptedQuorum(5);
    private final Quorum quorum = scene.thriftyQuorum();

    /** The first attempt asks all, and finds out that all are quick. */
    @BeforeEach
    void allAreKnown() {
        assertThat(take("r", 0)).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aQuorumIsAskedAndReleasedAndNobodyElse() {
        List<Integer> asked = take("r", 1);

        assertThat(asked).hasSize(3);
        assertThat(others(asked))
                .allSatisfy(node -> assertThat(scene.node(node).calls(RELEASE))
                        .as("since the first attempt")
                        .hasSize(1));
        assertThat(asked)
                .allSatisfy(node -> assertThat(scene.node(node).calls(RELEASE)).hasSize(2));
    }

    @Test
    void allClientsAskTheSameNodesForAResource() {
        ScriptedQuorum elsewhere = new ScriptedQuorum(5);
        Laggards other = elsewhere.thriftyQuorum().laggards();
        other.first("another", quorum.roster(), 0);

        for (String resource : List.of("r", "orders/1", "orders/2", "")) {
            assertThat(other.first(resource, quorum.roster(), 0))
                    .isEqualTo(quorum.laggards().first(resource, quorum.roster(), 0));
        }
    }

    @Test
    void eachNodeHasItsShareOfTheResources() {
        int[] share = new int[5];
        int looks = 0;
        for (int i = 0; i < 1_000; i++) {
            boolean[] first = quorum.laggards().first("orders/" + i, quorum.roster(), 0);
            looks += first[0] && first[1] && first[2] && first[3] && first[4] ? 1 : 0;
            for (int node = 0; node < 5; node++) {
                share[node] += first[node] ? 1 : 0;
            }
        }

        assertThat(looks).as("attempts that ask all").isEqualTo(1_000 / Laggards.LOOK_ONE_IN);
        assertThat(IntStream.of(share).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(550, 670));
    }

    @Test
    void theOthersAreAskedWhenOneIsDownAndItIsPassedOverFromThenOn() {
        List<Integer> asked = take("r", 1);
        int down = asked.get(0);
        CompletableFuture<Outcome> end = start("r");
        scene.node(down).answer(GRANT, DOWN);
        assertThat(waiting()).as("nobody has granted").isEqualTo(asked.subList(1, 3));
        waiting().forEach(node -> scene.node(node).answer(GRANT, new Granted(3)));
        assertThat(waiting()).containsExactlyElementsOf(others(asked));
        waiting().forEach(node -> scene.node(node).answer(GRANT, new Granted(3)));
        close(end);

        assertThat(take("r", 4)).hasSize(3).doesNotContain(down);
    }

    @Test
    void theOthersAreAskedAfterAWhileWhenOneIsSilentAndItIsPassedOverFromThenOn() {
        List<Integer> asked = take("r", 1);
        int silent = asked.get(2);
        CompletableFuture<Outcome> end = start("r");
        asked.subList(0, 2).forEach(node -> scene.node(node).answer(GRANT, new Granted(3)));
        scene.time.advance(PATIENCE.minusNanos(1));
        assertThat(waiting()).containsExactly(silent);
        scene.time.advance(Duration.ofNanos(1));
        others(asked).forEach(node -> scene.node(node).answer(GRANT, new Granted(3)));
        close(end);
        scene.node(silent).silentOn(GRANT);
        int before = scene.node(silent).calls(GRANT).size();

        assertThat(start("r")).isNotDone();
        assertThat(scene.node(silent).calls(GRANT)).hasSize(before);
    }

    @Test
    void aNodeThatWasSilentIsAskedAgainWithinASecond() {
        List<Integer> asked = take("r", 1);
        quorum.laggards().note(asked.get(0), 1, DOWN);
        assertThat(take("r", 2)).doesNotContain(asked.get(0));
        scene.time.advance(Duration.ofSeconds(1));

        assertThat(take("r", 3)).as("a look").hasSize(5);
        assertThat(take("r", 4)).isEqualTo(asked);
    }

    @Test
    void allAreAskedWhenFewerThanAQuorumAnswer() {
        IntStream.range(0, 3).forEach(node -> quorum.laggards().note(node, 1, DOWN));

        assertThat(take("r", 1)).hasSize(5);
    }

    @Test
    void nobodyElseIsAskedWhenThoseThatWereRefuse() {
        CompletableFuture<Outcome> end = start("r");
        List<Integer> asked = waiting();
        asked.forEach(node -> scene.node(node).answer(GRANT, new Held(300)));

        assertThat(asked).hasSize(3);
        assertThat(end).isCompletedWithValueMatching(Outcome.Contended.class::isInstance);
        assertThat(waiting()).isEmpty();
    }

    @Test
    void theFirstExtensionPutsALeaseOnTheOthersAndThenOneOfItsNodesMayForget() {
        CompletableFuture<Outcome> end = start("r");
        List<Integer> asked = grantAll(1);
        HeldLease lease = lease(end);
        scene.allAnswering(EXTEND, Done.INSTANCE);
        others(asked).forEach(node -> scene.node(node).answering(EXTEND, NotHeld.INSTANCE));
        lease.extend(EXTENDED);

        assertThat(others(asked))
                .hasSize(2)
                .allSatisfy(node -> assertThat(scene.node(node).calls(RESTORE)).hasSize(1));

        scene.allAnswering(EXTEND, Done.INSTANCE);
        scene.node(asked.get(0)).answering(EXTEND, NotHeld.INSTANCE);
        scene.node(asked.get(1)).answering(EXTEND, DOWN);
        lease.extend(EXTENDED.multipliedBy(2));
        assertThat(lease.remaining()).isGreaterThan(EXTENDED);
        assertThat(scene.node(asked.get(0)).calls(RESTORE)).hasSize(1);

        lease.close();
        assertThat(scene.nodes).allSatisfy(node -> assertThat(node.asked()).endsWith(RELEASE));
    }

    /** To put it on other nodes then would be to revive what no quorum holds. */
    @Test
    void aLeaseThatLosesANodeBeforeItsFirstExtensionIsNotRevivedElsewhere() {
        CompletableFuture<Outcome> end = start("r");
        List<Integer> asked = grantAll(1);
        HeldLease lease = lease(end);
        scene.allAnswering(EXTEND, NotHeld.INSTANCE);
        asked.forEach(node -> scene.node(node).answering(EXTEND, Done.INSTANCE));
        scene.node(asked.get(0)).answering(EXTEND, DOWN);

        assertThatThrownBy(() -> lease.extend(EXTENDED)).isInstanceOf(QuorumUnavailableException.class);
        assertThat(lease.remaining()).isEqualTo(ScriptedQuorum.USABLE);
        assertThat(scene.nodes)
                .allSatisfy(node -> assertThat(node.calls(RESTORE)).isEmpty());
    }

    /** Takes a lock and gives it back; the nodes that were asked. */
    private List<Integer> take(String resource, long token) {
        CompletableFuture<Outcome> end = start(resource);
        List<Integer> asked = grantAll(token + 1);
        close(end);
        return asked;
    }

    private CompletableFuture<Outcome> start(String resource) {
        CompletableFuture<Outcome> end = new CompletableFuture<>();
        Attempt attempt = Attempt.start(quorum, Wanted.one(resource, 0), Attempt.ALL_AT_ONCE);
        attempt.outcome().thenAccept(end::complete);
        return end;
    }

    private List<Integer> grantAll(long token) {
        List<Integer> asked = waiting();
        asked.forEach(node -> scene.node(node).answer(GRANT, new Granted(token)));
        return asked;
    }

    private List<Integer> waiting() {
        return IntStream.range(0, 5)
                .filter(node -> scene.node(node).calls(GRANT).stream()
                        .anyMatch(call -> !call.reply().isDone()))
                .boxed()
                .toList();
    }

    private static List<Integer> others(List<Integer> nodes) {
        return IntStream.range(0, 5)
                .filter(node -> !nodes.contains(node))
                .boxed()
                .toList();
    }

    private HeldLease lease(CompletableFuture<Outcome> end) {
        assertThat(end).isCompletedWithValueMatching(Outcome.Won.class::isInstance);
        return HeldLease.of(quorum, new WaitingRoom(quorum), (Outcome.Won) end.join());
    }

    private void close(CompletableFuture<Outcome> end) {
        lease(end).close();
    }
}
