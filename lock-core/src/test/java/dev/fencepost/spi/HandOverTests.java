package dev.fencepost.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the algorithm relies on when a lock goes from one owner to the next. */
abstract class HandOverTests extends SeveralTokensTests {
    @Test
    void aHandOverFreesTheLockAndGrantsTheNextNumber() {
        grant(R, "a");
        LockNode.HandOver both = handOver("a", 1, request(R, "b"));

        assertThat(await(both.released())).isEqualTo(new NodeReply.Released(0));
        assertThat(await(both.granted())).isEqualTo(granted(2));
        assertThat(remaining(R)).isGreaterThan(TTL - 10_000);
        assertThat(release(R, "a", 1)).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(release(R, "b", 2)).isEqualTo(new NodeReply.Released(0));
    }

    @Test
    void aHandOverOfALockThatIsGoneIsAGrant() {
        assertThat(await(handOver("a", 1, request(R, "b")).granted())).isEqualTo(granted(2));
    }

    @Test
    void aHandOverLeavesTheLockOfSomebodyElse() {
        grant(R, "other");
        LockNode.HandOver both = handOver("a", 1, request(R, "b"));

        assertThat(await(both.granted())).isInstanceOf(NodeReply.Held.class);
        assertThat(release(R, "other", 1)).isEqualTo(new NodeReply.Released(0));
    }

    @Test
    void aHandOverThatComesAgainFreesNothingOfTheNextOwner() {
        grant(R, "a");
        await(handOver("a", 1, request(R, "b")).granted());

        assertThat(await(handOver("a", 1, request(R, "b")).granted())).isEqualTo(granted(3));
        assertThat(grant(R, "c")).isInstanceOf(NodeReply.Held.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 5_000, 1L << 32, LAST - 2})
    void aHandOverLiftsACounterThatLagsBehind(long token) {
        grant(R, "a");

        assertThat(await(handOver("a", token, request(R, "b")).granted())).isEqualTo(granted(token + 1));
    }

    @Test
    void aHandOverIntoAnOlderViewFreesTheLockAndGrantsNothing() {
        await(node.grant(inView(3, R, "a"), TTL, 0));
        LockNode.HandOver both = handOver("a", 1, inView(2, R, "b"));

        assertThat(await(both.released())).isEqualTo(new NodeReply.Released(0));
        assertThat(await(both.granted())).isEqualTo(new NodeReply.NewerView(3));
        assertThat(await(node.grant(inView(3, R, "c"), TTL, 0))).isEqualTo(granted(2));
    }

    @Test
    void aHandOverBeyondTheLastNumberFreesTheLockAndGrantsNothing() {
        grant(R, "a");
        LockNode.HandOver both = node.handOver(new HeldLock(R, "a", 1), request(R, "b"), TTL, LAST);

        assertThat(await(both.granted())).isEqualTo(new NodeReply.Exhausted(Long.toString(LAST)));
        assertThat(grant(R, "c")).isEqualTo(granted(2));
    }

    @Test
    void aHandOverTakesSeveralNumbersBehindThoseOfTheOneThatLeaves() {
        grantSeveral(3, "a", 0);

        assertThat(await(handOver("a", 3, several(4, R, "b")).granted())).isEqualTo(granted(7));
        assertThat(await(handOver("b", 9, several(2, R, "c")).granted())).isEqualTo(granted(11));
        assertThat(await(node.handOver(new HeldLock(R, "c", 11), several(8, R, "d"), TTL, 100)
                        .granted()))
                .isEqualTo(granted(108));
        release(R, "d", 108);
        assertThat(grant(R, "e")).isEqualTo(granted(109));
    }

    @Test
    void aHandOverOfMoreNumbersThanAreLeftFreesTheLockAndGrantsNothing() {
        grantSeveral(2, "a", LAST - 5);
        LockNode.HandOver both = handOver("a", LAST - 3, several(4, R, "b"));

        assertThat(await(both.released())).isEqualTo(new NodeReply.Released(0));
        assertThat(await(both.granted())).isEqualTo(new NodeReply.Exhausted(Long.toString(LAST - 3)));
        assertThat(grantSeveral(3, "c", 0)).isEqualTo(granted(LAST));
    }

    @Test
    void aClosedNodeHandsNothingOver() {
        node.close();
        LockNode.HandOver both = handOver("a", 1, request(R, "b"));

        assertThat(await(both.released())).isInstanceOf(NodeReply.Unavailable.class);
        assertThat(await(both.granted())).isInstanceOf(NodeReply.Unavailable.class);
    }

    private LockNode.HandOver handOver(String owner, long token, NodeRequest next) {
        return node.handOver(new HeldLock(R, owner, token), next, TTL, 0);
    }
}
