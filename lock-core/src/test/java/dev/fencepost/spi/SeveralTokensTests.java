package dev.fencepost.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the algorithm relies on of a grant that takes several tokens in a row: they are nobody else's, neither before nor after. */
abstract class SeveralTokensTests extends NodeTests {
    @Test
    void aGrantOfSeveralTellsTheLastAndTheNextBeginsBehindIt() {
        assertThat(grantSeveral(5, "a", 0)).isEqualTo(granted(5));
        release(R, "a", 0);
        assertThat(grant(R, "b")).isEqualTo(granted(6));
        release(R, "b", 0);
        assertThat(grantSeveral(2, "c", 0)).isEqualTo(granted(8));
    }

    @Test
    void allOfThemPassTheFloor() {
        assertThat(grantSeveral(3, "a", 41)).isEqualTo(granted(44));
        assertThat(grantSeveral(3, "a", 7)).isEqualTo(granted(47));
    }

    @Test
    void aGrantOfSeveralThatComesAgainTakesAsManyAgain() {
        grantSeveral(3, "a", 0);

        assertThat(grantSeveral(3, "a", 0)).isEqualTo(granted(6));
        assertThat(remaining(R)).isGreaterThan(TTL - 10_000);
    }

    @Test
    void aRefusedGrantOfSeveralTakesNone() {
        grant(R, "a");

        assertThat(grantSeveral(7, "b", 0)).isInstanceOf(NodeReply.Held.class);
        release(R, "a", 0);
        assertThat(grant(R, "c")).isEqualTo(granted(2));
    }

    @Test
    void theyAreRaisedExtendedAndRestoredByTheLast() {
        grantSeveral(3, "a", 0);

        assertThat(await(node.raise(several(3, R, "a"), 2))).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(extend(R, "a", 2, TTL)).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(extend(R, "a", 3, TTL)).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(await(node.raise(several(3, R, "a"), 5))).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(extend(R, "a", 5, TTL)).isEqualTo(NodeReply.Done.INSTANCE);
        release(R, "a", 0);
        assertThat(restore(R, "a", 4)).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(restore(R, "a", 5)).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(grantSeveral(2, "a", 0)).isEqualTo(granted(7));
    }

    @Test
    void aNodeWithFewerLeftThanAreWantedIsAtItsEndAndDoesNothing() {
        release(R, "nobody", LAST - 2);

        assertThat(grantSeveral(3, "a", 0)).isEqualTo(new NodeReply.Exhausted(Long.toString(LAST - 2)));
        assertThat(grantSeveral(2, "b", LAST - 1)).isEqualTo(new NodeReply.Exhausted(Long.toString(LAST - 1)));
        assertThat(grantSeveral(2, "c", 0)).isEqualTo(granted(LAST));
        assertThat(grantSeveral(1, "c", 0)).isEqualTo(new NodeReply.Exhausted(Long.toString(LAST)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 31, 1L << 32, 999_999_999_999_997L, 1_000_000_000_000_000L, LAST - 16})
    void severalLargeNumbersAreExact(long reached) {
        assertThat(grantSeveral(8, "a", reached)).isEqualTo(granted(reached + 8));
        assertThat(grantSeveral(7, "a", 0)).isEqualTo(granted(reached + 15));
        assertThat(extend(R, "a", reached + 14, TTL)).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(extend(R, "a", reached + 15, TTL)).isEqualTo(NodeReply.Done.INSTANCE);
    }
}
