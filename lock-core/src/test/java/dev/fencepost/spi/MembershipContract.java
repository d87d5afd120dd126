package dev.fencepost.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeRequest.View;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the algorithm relies on of a node that is one of several, besides what it does of every node: how it is brought back when it has forgotten. */
public abstract class MembershipContract extends LockNodeContract {
    private static final Marker.Numbers BACK = new Marker.Numbers(5, 2_000, 1_000, 5);

    /** For the tests of each kind of node. */
    protected MembershipContract() {}

    @Test
    void whatANodeSaysOfItselfIsReadAsItWasWritten() {
        Marker marker = Formed.marker(node, "0b", BACK);

        assertThat(Formed.look(node).text()).isEqualTo(marker.text());
        assertThat(Formed.look(node).marker()).contains(marker);
        assertThat(Formed.look(node).process()).isEqualTo(marker.identity().process());
    }

    @Test
    void aMarkerIsReplacedOnlyIfItIsTheOneThatWasSeen() {
        String before = Formed.look(node).text();
        Marker marker = Formed.marker(node, "0b", BACK);

        assertThat(await(node.membership().exchange(before, marker))).isEqualTo(NodeReply.Forgotten.INSTANCE);
        assertThat(await(node.membership().exchange("", marker))).isEqualTo(NodeReply.Forgotten.INSTANCE);
        assertThat(Formed.look(node).text()).isEqualTo(marker.text());
    }

    @Test
    void aMarkerOfAnotherProcessIsNotWritten() {
        Marker marker = Formed.look(node).marker().orElseThrow();
        Marker.Identity id = marker.identity();
        Marker other = new Marker(
                true,
                "0b",
                marker.numbers(),
                marker.terms(),
                new Marker.Identity(id.memory(), id.epoch(), "another", id.name(), id.members()));

        assertThat(await(node.membership().exchange(marker.text(), other))).isEqualTo(NodeReply.Forgotten.INSTANCE);
        assertThat(await(node.membership().admit(other))).isEqualTo(NodeReply.Forgotten.INSTANCE);
        assertThat(Formed.look(node).text()).isEqualTo(marker.text());
    }

    @Test
    void aNodeThatBeganAnotherLifeDoesNothingAndAsksForAttention() {
        AtomicInteger asked = new AtomicInteger();
        node.membership().onAttention(asked::incrementAndGet);
        grant(R, "a");
        Formed.marker(node, "0b", BACK);

        assertThat(grant("other", "b")).isEqualTo(NodeReply.Forgotten.INSTANCE);
        assertThat(asked).hasValue(1);
        assertThat(extend(R, "a", 1, TTL)).isInstanceOf(NodeReply.Unavailable.class);
        assertThat(release(R, "a", 1)).isInstanceOf(NodeReply.Unavailable.class);
        assertThat(Formed.look(node).marker().orElseThrow().numbers()).isEqualTo(BACK);
    }

    @Test
    void aNodeThatWasAdmittedTakesPartOnlyWhenItIsUsed() {
        Marker marker = Formed.marker(node, "0b", BACK);
        assertThat(await(node.membership().admit(marker))).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(grant(R, "a")).isInstanceOf(NodeReply.Unavailable.class);

        node.membership().use();
        assertThat(await(node.grant(inView(5, R, "a"), TTL, 0))).isEqualTo(granted(1_001));

        node.membership().hold("for a reason");
        assertThat(await(node.grant(inView(5, R, "a"), TTL, 0))).isEqualTo(new NodeReply.Unavailable("for a reason"));
    }

    @Test
    void countersStartFromTheFloorWhateverTheySay() {
        release(R, "nobody", 70);
        Formed.use(node, Formed.marker(node, "0b", BACK));

        assertThat(await(node.grant(inView(5, R, "a"), TTL, 0))).isEqualTo(granted(1_001));
        assertThat(await(node.grant(inView(5, "new", "a"), TTL, 0))).isEqualTo(granted(1_001));
        assertThat(restore("newer", "a", 1_000)).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(restore("newest", "a", 999)).isEqualTo(NodeReply.NotHeld.INSTANCE);
    }

    @Test
    void aQuorumThatHeldTheLockSinceTheNodeCameBackVouchesForItWhateverTheFloor() {
        Formed.use(node, Formed.marker(node, "0b", BACK));
        NodeRequest.View since = view(BACK.settled());

        assertThat(await(node.restore(new HeldLock("long held", "a", 7), view(BACK.settled() - 1), TTL)))
                .isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(await(node.restore(new HeldLock("long held", "a", 7), since, TTL)))
                .isEqualTo(NodeReply.Done.INSTANCE);
        release("passed on", "b", 8);
        assertThat(await(node.restore(new HeldLock("passed on", "a", 7), since, TTL)))
                .isEqualTo(NodeReply.NotHeld.INSTANCE);
    }

    @Test
    void locksFromBeforeANodeForgotStandInTheWayAndAreNobodys() {
        grant(R, "a");
        Formed.use(node, Formed.marker(node, "0b", new Marker.Numbers(0, 0, 0, 0)));

        assertThat(extend(R, "a", 1, TTL)).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(restore(R, "a", 1)).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(release(R, "a", 1)).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(grant(R, "a")).isInstanceOf(NodeReply.Held.class);
    }

    @Test
    void aNodeMovesToAViewOnceAndTellsAMarkThatNoTokenHasPassed() {
        grant(R, "a");
        release("other", "b", 7_000);

        NodeReply moved = await(node.membership().advance(3, 500));
        assertThat(moved).isInstanceOfSatisfying(NodeReply.Advanced.class, told -> {
            assertThat(told.marker().numbers().view()).isEqualTo(3);
            assertThat(told.marker().numbers().mark()).isBetween(7_000L, 9_000L);
            assertThat(told.marker().terms().longestMillis()).isEqualTo(1_000);
        });
        assertThat(await(node.membership().advance(3, 500))).isEqualTo(new NodeReply.NewerView(3));
        assertThat(await(node.membership().advance(2, 60_000))).isEqualTo(new NodeReply.NewerView(3));
        assertThat(Formed.look(node).marker().orElseThrow().terms().longestMillis())
                .isEqualTo(60_000);
        assertThat(grant("other", "c")).isEqualTo(new NodeReply.NewerView(3));
    }

    @Test
    void theMarkIsNotPassedByWhatExtensionsAndRaisesTeach() {
        grant(R, "a");
        await(node.raise(request(R, "a"), 5_000));
        assertThat(mark()).isGreaterThanOrEqualTo(5_000);
        extend(R, "a", 9_000, TTL);
        assertThat(mark()).isGreaterThanOrEqualTo(9_000);
        await(node.grant(request("other", "b"), TTL, 20_000));
        assertThat(mark()).isGreaterThan(20_000);
        restore("third", "c", 50_000);
        assertThat(mark()).isGreaterThanOrEqualTo(50_000);
        LockNode.HandOver refused = node.handOver(new HeldLock(R, "gone", 70_000), request(R, "b"), TTL, 0);
        assertThat(await(refused.granted())).isInstanceOf(NodeReply.Held.class);
        assertThat(mark()).isGreaterThanOrEqualTo(70_000);
        release(R, "a", LAST);
        assertThat(mark()).isEqualTo(LAST);
    }

    @Test
    void theMarkIsNotPassedByTheLastOfSeveralTokens() {
        grant(R, "a");
        long last = tokenOf(grantSeveral(8, "a", mark() - 3));
        assertThat(mark()).isGreaterThanOrEqualTo(last);
        LockNode.HandOver both = node.handOver(new HeldLock(R, "a", last), several(8, R, "b"), TTL, mark() - 3);
        last = tokenOf(await(both.granted()));
        assertThat(mark()).isGreaterThanOrEqualTo(last);
        assertThat(grantSeveral(8, "b", LAST - 8)).isEqualTo(granted(LAST));
        assertThat(mark()).isEqualTo(LAST);
    }

    @Test
    void attemptsOfAnotherEpochTakeNoPart() {
        View other = new View("another", 7);

        assertThat(await(node.grant(new NodeRequest(R, "a", other), TTL, 0))).isInstanceOf(NodeReply.Unavailable.class);
        assertThat(grant(R, "b")).isEqualTo(granted(1));
    }

    @Test
    void extensionsOfAnotherEpochAreNotAnswered() {
        grant(R, "a");
        long before = remaining(R);

        List<NodeReply> replies =
                await(node.extend(List.of(new HeldLock(R, "a", 1)), new View("another", 7), 10 * TTL));

        assertThat(replies).singleElement().isInstanceOf(NodeReply.Unavailable.class);
        assertThat(remaining(R)).isLessThanOrEqualTo(before);
    }

    @Test
    void aNodeThatIsOnItsWayIntoAnotherSetTakesNoPartAndForgetsNothing() {
        grant(R, "a");
        NodeReply.Seen seen = Formed.look(node);
        Marker ready = seen.marker().orElseThrow();
        Marker.Identity id = ready.identity();
        Marker.Members set = new Marker.Members(id.members(), List.of(id.name(), "another"), List.of("0e"));
        Marker moving = new Marker(
                false,
                "0d",
                ready.numbers(),
                ready.terms(),
                new Marker.Identity(id.memory(), id.epoch(), id.process(), id.name(), set));

        assertThat(await(node.membership().exchange(seen.text(), moving))).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(grant("other", "b")).isEqualTo(NodeReply.Forgotten.INSTANCE);
        assertThat(Formed.look(node).marker()).as("also when it began").contains(moving);
        Marker back = new Marker(true, "0d", ready.numbers(), ready.terms(), id);
        await(node.membership().exchange(moving.text(), back));
        Formed.use(node, back);
        assertThat(extend(R, "a", 1, TTL)).isEqualTo(NodeReply.Done.INSTANCE);
    }

    private long mark() {
        return Formed.look(node).marker().orElseThrow().numbers().mark();
    }

    @Test
    void aWaitBeginsWhenItIsWrittenDownHoweverLongAgoTheNodeWasSeen() {
        NodeReply.Seen seen = Formed.look(node);
        Marker ready = seen.marker().orElseThrow();
        Marker waiting = new Marker(false, "0c", ready.numbers(), new Marker.Terms(60_000, 1, true), ready.identity());

        assertThat(await(node.membership().exchange(seen.text(), waiting))).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(Formed.look(node).marker().orElseThrow().terms().sinceMillis())
                .isGreaterThanOrEqualTo(seen.nowMillis());
    }

    @Test
    void aNodeTakesPartSinceThatIsWrittenDownHoweverLongAgoItWasSeen() {
        NodeReply.Seen seen = Formed.look(node);
        Marker ready = seen.marker().orElseThrow();
        Marker later = new Marker(true, "0c", ready.numbers(), new Marker.Terms(60_000, 1, false), ready.identity());

        assertThat(await(node.membership().exchange(seen.text(), later))).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(Formed.look(node).marker().orElseThrow().terms().sinceMillis())
                .isGreaterThanOrEqualTo(seen.nowMillis());
    }

    @Test
    void aLongerLeaseIsTakenNoteOfOnANodeThatIsInNoViewYet() {
        assertThat(await(node.membership().advance(0, 90_000))).isEqualTo(new NodeReply.NewerView(0));
        assertThat(Formed.look(node).marker().orElseThrow().terms().longestMillis())
                .isEqualTo(90_000);
    }
}
