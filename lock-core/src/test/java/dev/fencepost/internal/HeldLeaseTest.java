package dev.fencepost.internal;

import static dev.fencepost.internal.ScriptedNode.Verb.EXTEND;
import static dev.fencepost.internal.ScriptedNode.Verb.GRANT;
import static dev.fencepost.internal.ScriptedNode.Verb.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fencepost.FencepostException.Advice;
import dev.fencepost.Lease;
import dev.fencepost.LeaseLostException;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.internal.ScriptedNode.Call;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Done;
import dev.fencepost.spi.NodeReply.Granted;
import dev.fencepost.spi.NodeReply.NotHeld;
import dev.fencepost.spi.NodeReply.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lease and its extension, over nodes that answer as the test says. */
final class HeldLeaseTest {
    private static final NodeReply DOWN = new Unavailable("down");

    private final ScriptedQuorum scene = new ScriptedQuorum(3);
    private Lease lease = acquire();

    @BeforeEach
    void acquireLate() {
        scene.time.advance(Duration.ofSeconds(3));
        lease = acquire();
    }

    @Test
    void aLeaseRunsOutOnTheLocalClockAlone() {
        assertThat(lease.remaining()).isEqualTo(ScriptedQuorum.USABLE);
        scene.time.advance(ScriptedQuorum.USABLE.minusNanos(1));
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.remaining()).isEqualTo(Duration.ofNanos(1));
        scene.time.advance(Duration.ofNanos(1));
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.remaining()).isZero();
    }

    @Test
    void theTokenIsTheOneThatWasWonWithTheOwnerOfTheRequest() {
        String owner = scene.node(0).calls(GRANT).get(1).request().owner();

        assertThat(lease.token().value()).isEqualTo(5);
        assertThat(lease.token().owner()).isEqualTo(owner);
        assertThat(lease.resource()).isEqualTo("r");
        assertThat(lease.toString()).contains("r#5", "988 ms").doesNotContain(owner);
    }

    @Test
    void anExtensionCountsFromBeforeItsFirstSend() {
        scene.time.advance(Duration.ofMillis(500));
        scene.node(0).answering(EXTEND, call -> {
            scene.time.advance(Duration.ofMillis(40));
            return Done.INSTANCE;
        });
        extendAnswers(1, Done.INSTANCE, Done.INSTANCE);
        lease.extend(Duration.ofSeconds(2));

        assertThat(lease.remaining()).isEqualTo(Duration.ofMillis(2_000 - 20 - 2 - 40));
        assertThat(scene.node(2).calls(EXTEND))
                .singleElement()
                .returns(2_000L, Call::ttlMillis)
                .returns(5L, Call::token);
    }

    @Test
    void anExtensionNeverShortensALease() {
        extendAnswers(0, Done.INSTANCE, Done.INSTANCE, Done.INSTANCE);
        lease.extend(Duration.ofMillis(50));

        assertThat(lease.remaining()).isEqualTo(ScriptedQuorum.USABLE);
    }

    @Test
    void aMinorityThatLostTheLockOrIsDownIsNoReasonToFail() {
        extendAnswers(0, NotHeld.INSTANCE, Done.INSTANCE, Done.INSTANCE);
        lease.extend(Duration.ofSeconds(2));
        extendAnswers(0, Done.INSTANCE, DOWN, Done.INSTANCE);
        lease.extend(Duration.ofSeconds(4));

        assertThat(lease.remaining()).isGreaterThan(Duration.ofSeconds(3));
    }

    @Test
    void aLeaseThatAQuorumHasLostIsLostForGood() {
        extendAnswers(0, NotHeld.INSTANCE, Done.INSTANCE, NotHeld.INSTANCE);
        assertThatThrownBy(() -> lease.extend(Duration.ofSeconds(2))).isInstanceOf(LeaseLostException.class);
        assertThat(lease.isHeld()).isFalse();

        extendAnswers(0, Done.INSTANCE, Done.INSTANCE, Done.INSTANCE);
        assertThatThrownBy(() -> lease.extend(Duration.ofSeconds(2))).isInstanceOf(LeaseLostException.class);
        assertThat(lease.isHeld()).isFalse();
        assertThat(scene.node(0).calls(EXTEND)).as("asked once").hasSize(1);
    }

    @Test
    void tooFewAnswersLeaveTheLeaseAsItWas() {
        extendAnswers(0, NotHeld.INSTANCE, DOWN, Done.INSTANCE);
        QuorumUnavailableException failure =
                catchThrowableOfType(QuorumUnavailableException.class, () -> lease.extend(Duration.ofSeconds(2)));

        assertThat(failure.reasons())
                .containsExactly(Map.entry("node-0", "does not hold the lock any more"), Map.entry("node-1", "down"));
        assertThat(failure.advice()).isEqualTo(Advice.RETRY_LATER);
        assertThat(lease.remaining()).isEqualTo(ScriptedQuorum.USABLE);
    }

    @Test
    void nodesThatStaySilentEndAnExtensionAfterTheNodeTimeout() {
        extendAnswers(0, Done.INSTANCE, Done.INSTANCE, Done.INSTANCE);
        lease.extend(Duration.ofSeconds(30));
        scene.node(1).silentOn(EXTEND);
        scene.node(2).silentOn(EXTEND);
        scene.node(0).answering(EXTEND, call -> {
            scene.time.advance(ScriptedQuorum.NODE_TIMEOUT);
            return DOWN;
        });

        assertThatThrownBy(() -> lease.extend(Duration.ofSeconds(2)))
                .isInstanceOf(QuorumUnavailableException.class)
                .hasMessageContaining("node-0=no answer within 995 ms")
                .hasMessageContaining("node-1=no answer within 995 ms");
    }

    @Test
    void answersAfterTheLocalDeadlineReviveNothing() {
        extendAnswers(0, Done.INSTANCE, Done.INSTANCE, Done.INSTANCE);
        scene.node(0).answering(EXTEND, call -> {
            scene.time.advance(ScriptedQuorum.USABLE);
            return Done.INSTANCE;
        });

        assertThatThrownBy(() -> lease.extend(Duration.ofSeconds(30)))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("its time was up");
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.remaining()).isZero();
    }

    @Test
    void aLeaseThatHasRunOutIsNotEvenAskedFor() {
        scene.time.advance(ScriptedQuorum.USABLE);

        assertThatThrownBy(() -> lease.extend(Duration.ofSeconds(2))).isInstanceOf(LeaseLostException.class);
        assertThat(scene.node(0).calls(EXTEND)).isEmpty();
    }

    @Test
    void aLeaseGoesFromOneSetOfNodesToTheNextAndNotFurther() {
        HeldLease held = (HeldLease) lease;
        String next = Epoch.changed("", List.of("node-0"), List.of());
        String afterNext = Epoch.changed(next, List.of("node-1"), List.of());
        String third = Epoch.changed(afterNext, List.of("node-2"), List.of());

        held.extended(held(next));
        held.extended(held(afterNext));
        assertThat(lease.isHeld()).as("each next to the one before").isTrue();
        held.extended(held(Epoch.changed(third, List.of("node-3"), List.of())));
        assertThat(lease.isHeld()).isFalse();
    }

    private Extension.Result held(String epoch) {
        return new Extension.Result(Tally.Verdict.HELD, scene.time.nanoTime() + 1_000_000_000, epoch, Map.of());
    }

    @Test
    void aClosedLeaseIsOverAndItsReleaseGoesOutOnce() {
        lease.close();
        lease.close();

        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.remaining()).isZero();
        assertThat(lease.token().value()).isEqualTo(5);
        assertThatThrownBy(() -> lease.extend(Duration.ofSeconds(2)))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("closed");
        assertThat(scene.nodes)
                .allSatisfy(node -> assertThat(node.calls(RELEASE))
                        .singleElement()
                        .returns(5L, Call::token)
                        .returns(lease.token().owner(), call -> call.request().owner()));
    }

    @Test
    void aLeaseThatIsClosedWhileItIsExtendedStaysClosed() {
        extendAnswers(0, Done.INSTANCE, Done.INSTANCE, Done.INSTANCE);
        scene.node(0).answering(EXTEND, call -> {
            lease.close();
            return Done.INSTANCE;
        });

        assertThatThrownBy(() -> lease.extend(Duration.ofSeconds(30))).isInstanceOf(LeaseLostException.class);
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void aLostLeaseIsStillReleasedOnClose() {
        extendAnswers(0, NotHeld.INSTANCE, NotHeld.INSTANCE, Done.INSTANCE);
        assertThatThrownBy(() -> lease.extend(Duration.ofSeconds(2))).isInstanceOf(LeaseLostException.class);
        lease.close();

        assertThat(scene.nodes).allSatisfy(node -> assertThat(node.asked()).contains(RELEASE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.009S", "PT60.001S", "PT8760H"})
    void lengthsOutsideTheLimitsAreRefusedByNameAndValue(Duration asked) {
        assertThatThrownBy(() -> lease.extend(asked))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("duration must be from 10 ms to 60000 ms, but is ");
        assertThat(scene.node(0).calls(EXTEND)).isEmpty();
    }

    private Lease acquire() {
        scene.allAnswering(GRANT, new Granted(5));
        return scene.client(() -> {}).tryAcquire("r").orElseThrow();
    }

    private void extendAnswers(int first, NodeReply... replies) {
        for (int i = 0; i < replies.length; i++) {
            scene.node(first + i).answering(EXTEND, List.of(replies).get(i));
        }
    }
}
