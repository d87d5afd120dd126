package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.internal.ScriptedNode.Verb;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import dev.fencepost.spi.NodeRequest.View;
import dev.fencepost.spi.QuorumLocks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the set of nodes is changed, and what clients do that know all of the nodes. */
final class ChangingTest {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final ScriptedQuorum scene = new ScriptedQuorum(5);
    private Quorum client;

    @BeforeEach
    void threeOfFiveMakeTheCluster() {
        scene.allReadyIn(4, 3);
        member(3).being("process of node-3", Optional.empty());
        member(4).being("process of node-4", Optional.empty());
        client = scene.quorum(nodes(3));
        client.join();
        member(0).attend();
    }

    @Test
    void aClientUsesTheMembersAndLeavesOthersAsTheyAre() {
        assertThat(used()).containsExactly(0, 1, 2);
        assertThat(client.roster().quorum()).isEqualTo(2);
        assertThat(member(4).marker()).isEmpty();
    }

    @Test
    void nodesThatStayTakePartAtOnceWithAllThatTheyRememberAndStartFromBeyondEveryToken() {
        change(5);

        for (int i = 0; i < 3; i++) {
            Marker now = marker(i);
            assertThat(now.ready()).isTrue();
            assertThat(now.numbers()).isEqualTo(new Marker.Numbers(5, 300, 300, 0));
            assertThat(now.identity().memory()).isEqualTo("memory");
            assertThat(now.identity().members()).isEqualTo(names(5));
            assertThat(Epoch.isBefore("epoch", now.identity().epoch())).isTrue();
        }
    }

    @Test
    void aClientFollowsAndCountsItsQuorumOfTheNewSet() {
        change(5);
        member(0).attend();

        assertThat(used()).containsExactly(0, 1, 2);
        assertThat(client.roster().members()).isEqualTo(names(5));
        assertThat(client.roster().quorum()).isEqualTo(3);
        Attempt.start(client, Wanted.one("r", 0), Attempt.ALL_AT_ONCE);
        assertThat(scene.node(0).next(Verb.GRANT).token()).isEqualTo(300);
    }

    /** Then neither look shows it a cluster that it can go by. What is called for meanwhile is begun again, and not refused. */
    @Test
    void aClientThatLooksWhileTheSetIsChangedLooksAgainSoon() {
        member(4).afterNextLook(() -> change(5));
        member(0).attend();
        assertThat(client.roster().members()).as("what it went by").isEqualTo(names(3));
        assertThat(client.joining().settling(client.joining().rounds())).isPresent();

        pass(Round.SOON);
        assertThat(client.roster().members()).isEqualTo(names(5));
        assertThat(used()).containsExactly(0, 1, 2);
    }

    @Test
    void newNodesTakePartWhenTheLongestLeaseHasPassedSinceTheChange() {
        pass(Duration.ofSeconds(20));
        change(5);
        member(0).attend();

        assertThat(marker(3).ready()).isFalse();
        pass(LONGEST.minusMillis(1));
        assertThat(used()).containsExactly(0, 1, 2);
        pass(Duration.ofMillis(60));
        assertThat(used()).containsExactly(0, 1, 2, 3, 4);
        assertThat(marker(4).numbers()).isEqualTo(new Marker.Numbers(5, 300, 300, 0));
    }

    @Test
    void newNodesDoSoWithoutAQuorumIfOneThatStaysIsLostMeanwhile() {
        change(5);
        member(0).attend();
        member(2).being("another process", Optional.empty()).attend();
        pass(LONGEST.plusMillis(60));
        pass(LONGEST.plusMillis(60));

        assertThat(used()).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aNewNodeThatHasForgottenItsWaitJoinsLikeAnyOther() {
        change(5);
        member(0).attend();
        pass(LONGEST.dividedBy(2));
        member(4).being("another process", Optional.empty()).attend();
        pass(LONGEST.minusMillis(100));
        assertThat(used()).containsExactly(0, 1, 2, 3);
        pass(Duration.ofMillis(200));

        assertThat(used()).containsExactly(0, 1, 2, 3, 4);
        assertThat(client.view().number()).isEqualTo(6);
    }

    @Test
    void whatWasBegunAndDecidedIsFinishedByAnyClient() {
        Move.Into into = Move.Into.of("epoch", names(4), List.of("life of the fourth"));
        setOut(0, into);
        setOut(1, into);
        member(0).attend();

        assertThat(client.roster().members()).isEqualTo(names(4));
        assertThat(used()).as("the third was never set on its way").containsExactly(0, 1, 2);
        assertThat(marker(2).identity().memory()).isEqualTo("memory");
    }

    @Test
    void oneNodeOnItsWayDecidesNothingAndTheOthersGoOn() {
        setOut(0, Move.Into.of("epoch", names(4), List.of()));
        member(0).attend();

        assertThat(used()).containsExactly(1, 2);
        assertThat(member(0).held()).contains("make that change once more");
        assertThat(client.roster().members()).isEqualTo(names(3));
    }

    @Test
    void whatIsLeftHalfWayIsFinishedByTheSameCallAndTakenBackByAChangeToWhatIs() {
        setOut(0, Move.Into.of("epoch", names(4), List.of()));

        assertThatThrownBy(() -> change(5)).hasMessageContaining("take it back by changing to " + names(3));
        change(3);
        member(0).attend();
        assertThat(used()).containsExactly(0, 1, 2);
        assertThat(client.roster().members()).isEqualTo(names(3));
    }

    @Test
    void aNodeThatRestartsOnItsWayHasForgottenButNotHowFarItHadCome() {
        for (int i = 0; i < 3; i++) {
            setOut(i, Move.Into.of("epoch", names(4), List.of()));
            member(i).being("another process", member(i).marker());
        }
        member(0).attend();

        assertThat(used()).isEmpty();
        assertThat(marker(1).numbers()).isEqualTo(new Marker.Numbers(4, 200, 0, 0));
        assertThat(marker(1).terms().kept()).as("whoever vouches for disks").isFalse();
        assertThat(new Diagnosis.Waiting(marker(1), look(1)).isBlank()).isFalse();
    }

    @Test
    void aNodeThatIsAheadOfTheQuorumThatWasSeenIsNotOutlivedByIt() {
        change(4);
        Diagnosis ahead = new Diagnosis.Ready(marker(0), look(0));

        assertThat(ahead.isOutlivedBy(Optional.of(new View("epoch", 4)))).isFalse();
        assertThat(ahead.isOutlivedBy(Optional.of(new View("anew", 0)))).isTrue();
    }

    @Test
    void aNodeThatIsNeededAndMissingIsNamedAndNothingHasChanged() {
        member(4).being("", Optional.empty());

        assertThatThrownBy(() -> change(5))
                .isInstanceOf(QuorumUnavailableException.class)
                .hasMessageContaining("node-4")
                .hasMessageContaining("is not there");
        assertThat(used()).containsExactly(0, 1, 2);
        assertThat(marker(0).identity().members()).isEqualTo(names(3));
    }

    @Test
    void theNextChangeHasToWaitForTheLongestLease() {
        change(4);
        member(0).attend();
        pass(LONGEST.minusMillis(100));

        assertThatThrownBy(() -> change(3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call again in 100 ms");
        pass(Duration.ofMillis(200));
        change(3);
        member(0).attend();
        assertThat(client.roster().members()).isEqualTo(names(3));
        assertThat(used()).containsExactly(0, 1, 2);
        assertThat(member(3).held()).isEqualTo(Diagnosis.Spare.WHY);
    }

    @Test
    void aClientThatIsGivenOneListAndNothingElseIsRefusedAfterwards() {
        Quorum strict = scene.quorum(new QuorumLocks.Nodes(
                scene.nodes.stream().<LockNode>map(node -> node).limit(3).toList(), List.of()));
        strict.join();
        member(0).attend();
        assertThat(used()).containsExactly(0, 1, 2);

        change(5);
        member(0).attend();
        assertThat(used()).isEmpty();
        assertThat(member(0).held()).contains(names(5).toString()).contains("give all clients the same nodes");
    }

    private Seen look(int node) {
        return (Seen) member(node).look().toCompletableFuture().join();
    }

    private void setOut(int node, Move.Into into) {
        Marker before = marker(node);
        Diagnosis.Ready ready = (Diagnosis.Ready) Diagnosis.of(
                member(node).look().toCompletableFuture().join(),
                scene.node(node).name());
        member(node).being(before.identity().process(), Optional.of(Markers.moving(ready, "moving " + node, into)));
    }

    /** To the first so many of the nodes. */
    private void change(int members) {
        Environment elsewhere =
                new Environment(scene.time::nanoTime, scene.time, Runnable::run, new Random(3), new Random(4));
        QuorumLocks.change(nodes(members), ScriptedQuorum.SETTINGS, elsewhere);
    }

    private QuorumLocks.Nodes nodes(int members) {
        List<LockNode> all = List.copyOf(scene.nodes);
        return new QuorumLocks.Nodes(all.subList(0, members), all.subList(members, all.size()));
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "node-" + i).toList();
    }

    private List<Integer> used() {
        return IntStream.range(0, 5).filter(i -> member(i).isUsed()).boxed().toList();
    }

    private Marker marker(int node) {
        return member(node).marker().orElseThrow();
    }

    private ScriptedMembership member(int node) {
        return scene.node(node).member();
    }

    /** Time passes here and on the nodes. */
    private void pass(Duration time) {
        scene.nodes.forEach(node -> node.member().after(time.toMillis()));
        scene.time.advance(time);
    }
}
