package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which announcements wake somebody. Two of three nodes are a quorum. */
final class ReleaseWatchTest {
    private final ScriptedQuorum scene = new ScriptedQuorum(3);
    private final AtomicInteger released = new AtomicInteger();
    private final ReleaseWatch watch = new ReleaseWatch(scene.quorum(), "r", released::incrementAndGet, () -> {});

    @BeforeEach
    void start() {
        watch.start();
    }

    @Test
    void aReleaseIsToldOnceWhenAQuorumHasAnnouncedIt() {
        scene.node(0).announce(7);
        assertThat(released).hasValue(0);
        scene.node(1).announce(7);
        scene.node(2).announce(7);

        assertThat(released).hasValue(1);
    }

    @Test
    void ownReleasesAreNotToldNorEarlierOnesButLaterOnes() {
        watch.ignore(7);
        announceOnAll(6);
        announceOnAll(7);
        assertThat(released).hasValue(0);
        announceOnAll(8);

        assertThat(released).hasValue(1);
    }

    @Test
    void anOwnReleaseIsNotToldAlsoIfANodeHasAnnouncedItBefore() {
        scene.node(0).announce(7);
        watch.ignore(7);
        scene.node(1).announce(7);
        scene.node(2).announce(7);

        assertThat(released).hasValue(0);
    }

    @Test
    void whatIsIgnoredTooLateDoesNotHideALaterRelease() {
        scene.node(0).announce(9);
        watch.ignore(7);
        scene.node(1).announce(9);

        assertThat(released).hasValue(1);
    }

    @Test
    void nothingIsToldOnceItIsCancelled() {
        watch.cancel();
        announceOnAll(7);

        assertThat(released).hasValue(0);
    }

    private void announceOnAll(long token) {
        scene.nodes.forEach(node -> node.announce(token));
    }
}
