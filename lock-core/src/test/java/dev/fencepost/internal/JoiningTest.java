package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.internal.ScriptedNode.Verb;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeRequest.View;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client does with nodes that may take part, that have forgotten, and that are not its own. */
class JoiningTest {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final ScriptedQuorum scene = new ScriptedQuorum(3);
    private Quorum quorum;

    @BeforeEach
    void startInAClusterThatIsWhole() {
        scene.allReadyIn(4);
        quorum = scene.quorum();
        quorum.join();
        member(0).attend();
    }

    @Test
    void nodesThatAreReadyAreUsedInTheViewOfAQuorum() {
        assertThat(scene.nodes).allMatch(node -> node.member().isUsed());
        assertThat(quorum.view()).isEqualTo(new View("epoch", 4));
    }

    @Test
    void aNodeWithoutItsMarkerWaitsForTheLongestLeaseAndCatchesUpInANewView() {
        wipe(0);

        assertThat(member(0).isUsed()).isFalse();
        assertThat(member(0).held()).contains("stays out for 60000 ms more");
        assertThat(member(0).marker())
                .hasValueSatisfying(marker -> assertThat(marker.ready()).isFalse());

        pass(LONGEST.minusMillis(1));
        assertThat(member(0).isUsed()).isFalse();
        pass(Duration.ofMillis(60));

        assertThat(member(0).isUsed()).isTrue();
        assertThat(member(0).marker()).hasValueSatisfying(marker -> {
            assertThat(marker.numbers()).isEqualTo(new Marker.Numbers(5, 300, 300, 5));
            assertThat(marker.identity().epoch()).isEqualTo("epoch");
            assertThat(marker.identity().memory()).isEqualTo(marker.life());
        });
        assertThat(quorum.view()).isEqualTo(new View("epoch", 5));
    }

    @Test
    void allNodesAreAskedToPassTheFloorOfOneThatWasBroughtBack() {
        wipe(0);
        pass(LONGEST.plusMillis(60));
        Attempt.start(quorum, Wanted.one("r", 7), Attempt.ALL_AT_ONCE);

        assertThat(scene.nodes)
                .allSatisfy(node -> assertThat(node.next(Verb.GRANT).token()).isEqualTo(300));
    }

    @Test
    void aNodeThatRestartedWithItsDataWaitsAsWellUnlessItsDiskIsVouchedFor() {
        restart(0);

        assertThat(member(0).isUsed()).isFalse();
        assertThat(member(0).held()).contains("stays out for 60000 ms more");
    }

    @Test
    void aNodeThatForgotAgainWhileItWaitedWaitsAnew() {
        wipe(0);
        pass(LONGEST.dividedBy(2));
        wipe(0);
        pass(LONGEST.minusMillis(1));

        assertThat(member(0).isUsed()).isFalse();
    }

    @Test
    void withoutAQuorumOfOthersANodeStaysOutAndSaysWhatCanBeDone() {
        wipe(0);
        member(1).being("", Optional.empty());
        pass(LONGEST.plusSeconds(2));

        assertThat(member(0).isUsed()).isFalse();
        assertThat(member(0).held())
                .contains("only from 2 other nodes that are ready, but 1 are")
                .contains("docs/operations.md");
    }

    @Test
    void nodesThatAreFormattedAnewOneAfterTheOtherAreLeftAloneAndUsedWhenAQuorumIs() {
        List<Marker> anew = scene.nodes.stream()
                .map(node -> of("anew", node.member().marker().orElseThrow()))
                .toList();
        for (int i = 0; i < 3; i++) {
            wipe(i);
        }
        member(0)
                .being(anew.get(0).identity().process(), Optional.of(anew.get(0)))
                .attend();

        assertThat(member(0).marker()).contains(anew.get(0));
        assertThat(member(0).isUsed()).isFalse();
        member(1)
                .being(anew.get(1).identity().process(), Optional.of(anew.get(1)))
                .attend();

        assertThat(quorum.view().epoch()).isEqualTo("anew");
        assertThat(scene.nodes.subList(0, 2)).allMatch(node -> node.member().isUsed());
    }

    @Test
    void aNodeThatIsReadyInAClusterThatIsNoMoreWaits() {
        Marker old = of("old", member(0).marker().orElseThrow());
        member(0).being(old.identity().process(), Optional.of(old)).attend();

        assertThat(member(0).isUsed()).isFalse();
        assertThat(member(0).marker())
                .hasValueSatisfying(marker -> assertThat(marker.ready()).isFalse());
    }

    @Test
    void aNodeWhoseClockIsSetBackWhileItWaitsBeginsAnew() {
        wipe(0);
        pass(Duration.ofSeconds(2));
        member(0).after(-10_000);
        pass(LONGEST.plusSeconds(10));

        assertThat(member(0).isUsed()).isTrue();
    }

    @Test
    void aViewThatNoQuorumCanBeMovedToIsNotAskedForWithoutAPause() {
        member(0).being("", Optional.empty());
        member(1).being("", Optional.empty());
        member(2).advance(9, 0);
        quorum.joining().catchUp(9);
        pass(Duration.ofMillis(500));

        assertThat(member(2).asked()).hasSizeLessThan(5);
    }

    @Test
    void aNodeThatSomebodyElseHasMadeReadyBeforeItsWaitIsOverIsUsedSoon() {
        Marker before = member(0).marker().orElseThrow();
        wipe(0);
        member(0).being(before.identity().process(), Optional.of(before));
        pass(Duration.ofSeconds(6));

        assertThat(member(0).isUsed()).isTrue();
    }

    @Test
    void aNodeOfAnotherClusterIsRefusedAndLeftAsItIs() {
        Marker own = member(0).marker().orElseThrow();
        Marker.Identity id = own.identity();
        Marker foreign = new Marker(
                true,
                own.life(),
                own.numbers(),
                own.terms(),
                new Marker.Identity(id.memory(), id.epoch(), id.process(), id.name(), List.of("node-0", "node-9")));
        member(0).being(id.process(), Optional.of(foreign)).attend();

        assertThat(member(0).isUsed()).isFalse();
        assertThat(member(0).held()).contains("[node-0, node-9]").contains("[node-0, node-1, node-2]");
        assertThat(member(0).marker()).contains(foreign);
    }

    @Test
    void blankNodesAreNotMadeAClusterUnlessThatIsWanted() {
        ScriptedQuorum blank = new ScriptedQuorum(3);
        blank.nodes.forEach(node -> node.member().being("process of " + node.name(), Optional.empty()));
        Quorum strict = blank.quorum();
        strict.join();
        blank.node(0).member().attend();

        assertThat(blank.nodes).noneMatch(node -> node.member().isUsed());
        assertThat(blank.node(0).member().held()).contains("format()");
    }

    @Test
    void aViewThatOneNodeNamesIsTakenUpOnlyWhenAQuorumIsInIt() {
        member(2).advance(9, 0);

        var caughtUp = quorum.joining().catchUp(9).toCompletableFuture();
        assertThat(caughtUp).isNotDone();
        assertThat(quorum.view()).isEqualTo(new View("epoch", 4));
        pass(Duration.ofMillis(50));

        assertThat(caughtUp).isCompletedWithValue(true);
        assertThat(quorum.view()).isEqualTo(new View("epoch", 9));
        assertThat(scene.nodes)
                .allMatch(node -> node.member().marker().orElseThrow().numbers().view() == 9);
    }

    private static Marker of(String epoch, Marker marker) {
        Marker.Identity id = marker.identity();
        return new Marker(
                true,
                marker.life() + " of " + epoch,
                marker.numbers(),
                marker.terms(),
                new Marker.Identity(id.memory(), epoch, id.process(), id.name(), id.members()));
    }

    private ScriptedMembership member(int node) {
        return scene.node(node).member();
    }

    private void wipe(int node) {
        member(node)
                .being("process of " + scene.node(node).name(), Optional.empty())
                .attend();
    }

    private void restart(int node) {
        member(node).being("another process", member(node).marker()).attend();
    }

    /** Time passes here and on the nodes. */
    private void pass(Duration time) {
        scene.nodes.forEach(node -> node.member().after(time.toMillis()));
        scene.time.advance(time);
    }
}
