package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest.View;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which nodes attempts do without. */
final class LaggardsTest {
    private static final boolean[] ALL = {true, true, true, true, true};
    private static final boolean[] ALL_BUT_THE_SECOND = {true, false, true, true, true};
    private static final List<String> NODES = List.of("a", "b", "c", "d", "e");
    private static final Roster ROSTER = Roster.of(View.NONE, NODES, NODES);
    private static final Duration QUICK = Duration.ofMillis(1);
    private static final Duration SLOW = Duration.ofMillis(100);

    private static final NodeReply GRANTED = new NodeReply.Granted(1);

    private final Laggards laggards = new Laggards(5, false);
    private long now;

    @Test
    void aNodeThatIsMuchSlowerThanAQuorumIsNotAskedButNowAndThen() {
        answer(20, SLOW);

        for (int attempt = 1; attempt < Laggards.LOOK_ONE_IN; attempt++) {
            assertThat(laggards.first("r", ROSTER, now)).isEqualTo(ALL_BUT_THE_SECOND);
        }
        assertThat(laggards.first("r", ROSTER, now)).as("a look").isEqualTo(ALL);
        assertThat(laggards.first("r", ROSTER, now)).isEqualTo(ALL_BUT_THE_SECOND);
        now += Duration.ofSeconds(1).toNanos();
        assertThat(laggards.first("r", ROSTER, now)).as("a look after a second").isEqualTo(ALL);
    }

    @Test
    void oneQuickAnswerBringsItBack() {
        answer(20, SLOW);
        laggards.note(1, QUICK.toNanos(), GRANTED);

        assertAllAreAsked();
    }

    @Test
    void oneLateAnswerIsNothing() {
        answer(20, QUICK);
        laggards.note(1, Duration.ofSeconds(5).toNanos(), GRANTED);

        assertAllAreAsked();
    }

    @Test
    void nodesThatAreAllSlowAreAllAsked() {
        for (int i = 0; i < 5 * 20; i++) {
            laggards.note(i % 5, SLOW.toNanos(), GRANTED);
        }

        assertAllAreAsked();
    }

    @Test
    void aQuorumIsAskedHoweverManyAreSlow() {
        for (int i = 0; i < 20; i++) {
            laggards.note(0, QUICK.toNanos(), GRANTED);
            for (int slow = 1; slow < 5; slow++) {
                laggards.note(slow, SLOW.multipliedBy(1L << (3 * slow)).toNanos(), GRANTED);
            }
        }

        assertThat(laggards.first("r", ROSTER, now)).isEqualTo(new boolean[] {true, true, true, false, false});
    }

    /** Otherwise the first one to answer late would be left out, beside those that never do. */
    @Test
    void nodesThatHaveNotAnsweredAreNotTheQuickOnes() {
        for (int i = 0; i < 20; i++) {
            laggards.note(0, QUICK.toNanos(), GRANTED);
            laggards.note(1, SLOW.toNanos(), GRANTED);
        }

        assertAllAreAsked();
    }

    private void answer(int times, Duration theSecond) {
        for (int i = 0; i < times; i++) {
            for (int node = 0; node < 5; node++) {
                laggards.note(node, (node == 1 ? theSecond : QUICK).toNanos(), GRANTED);
            }
        }
    }

    private void assertAllAreAsked() {
        for (int attempt = 0; attempt < 2 * Laggards.LOOK_ONE_IN; attempt++) {
            assertThat(laggards.first("r", ROSTER, now)).isEqualTo(ALL);
        }
    }
}
