package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.internal.ForgetfulModel.Bounds;
import dev.fencepost.internal.ForgetfulModel.Flaw;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rule by which nodes that have forgotten come back, searched for a counterexample in every state that three nodes and two attempts can reach, with the real {@link Ballot} and the real {@link Join}
 * deciding. It takes the steps of {@code docs/spec/Rejoin.tla} and counts states as TLC does, so that both must come to the same number: the code then does in every one of these states what
 * the specification says. {@code SpecificationTest} holds TLC to the same numbers.
 */
final class JoinRuleTest {
    private static final boolean SOAK = Boolean.getBoolean("fencepost.soak");

    /** The node 0 forgets, and a client has marks of the other two for view 1, and has found it established, when another one brings the node back in view 2. */
    private static final List<Predicate<World>> PAUSED_JOIN = List.of(
            world -> world.get(WorldLayout.life(0)) == 1,
            world -> world.get(WorldLayout.join(0)) == 1 && world.get(WorldLayout.join(0) + 2) == 1,
            world -> world.get(WorldLayout.asked(0, 1)) != 0,
            world -> world.get(WorldLayout.asked(0, 2)) != 0,
            world -> world.get(WorldLayout.join(0) + 4) == 1,
            world -> world.get(WorldLayout.join(1)) == 1 && world.get(WorldLayout.join(1) + 2) == 2,
            world -> world.get(WorldLayout.asked(1, 1)) != 0,
            world -> world.get(WorldLayout.asked(1, 2)) != 0,
            world -> world.get(WorldLayout.join(1) + 4) == 1,
            world -> world.get(WorldLayout.ready(0)) == 1 && world.get(WorldLayout.view(0)) == 2);

    @Test
    void holdsWhenANodeForgetsInEveryStateThatTlcKnowsOf() {
        assertHolds(new Bounds(1, 1, 1), 20_372);
    }

    @Test
    void holdsWhenNodesForgetTwiceOnceDuringAJoinInEveryStateThatTlcKnowsOf() {
        assertHolds(new Bounds(1, 2, 2), 511_234);
    }

    @Test
    void holdsWhenTwoClientsBringANodeBackInEveryStateThatTlcKnowsOf() {
        if (SOAK) {
            assertHolds(new Bounds(2, 1, 2), 385_809);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Flaw.class,
            names = {"BLIND_REJOIN", "NO_VIEWS", "FLOOR_FROM_MINORITY", "INVENTED_VIEWS"})
    void isBrokenByTheLossOfAnyPart(Flaw flaw) {
        ForgetfulModel model = new ForgetfulModel(new Bounds(1, 1, 1), flaw);

        ForgetfulSearch.Result result = ForgetfulSearch.from(model, model.first());

        System.out.println("joins with " + flaw + ": " + result);
        assertThat(result.broken()).contains(Invariant.UNIQUE);
    }

    /**
     * A client has all that it needs to bring a node back, and pauses; another one has done it. Every order of what the clients, two attempts and one more crash can do from there on. From the very
     * beginning there are too many.
     */
    @Test
    void isBrokenByAJoinThatIsFinishedInAnotherLifeAndHoldsOtherwise() {
        Bounds bounds = new Bounds(2, 2, 2);

        ForgetfulSearch.Result stale = fromAPausedJoin(new ForgetfulModel(bounds, Flaw.STALE_JOIN));
        ForgetfulSearch.Result right = fromAPausedJoin(new ForgetfulModel(bounds, Flaw.NONE));

        System.out.println("joins with a paused one, stale: " + stale + ", right: " + right);
        assertThat(stale.broken()).contains(Invariant.UNIQUE);
        assertThat(right.broken()).isEmpty();
    }

    private static ForgetfulSearch.Result fromAPausedJoin(ForgetfulModel model) {
        List<byte[]> reached = List.of(model.first());
        for (Predicate<World> step : PAUSED_JOIN) {
            List<byte[]> further = new ArrayList<>();
            model.expand(reached.get(0), after -> {
                if (step.test(new World(after))) {
                    further.add(after);
                }
            });
            reached = further;
        }
        return ForgetfulSearch.from(model, reached.get(0));
    }

    private static void assertHolds(Bounds bounds, int states) {
        ForgetfulModel model = new ForgetfulModel(bounds, Flaw.NONE);
        long began = System.nanoTime();
        ForgetfulSearch.Result result = ForgetfulSearch.from(model, model.first());
        System.out.printf("joins, %s: %s, %,d ms%n", bounds, result, (System.nanoTime() - began) / 1_000_000);

        assertThat(result.broken()).isEmpty();
        assertThat(result.states()).isEqualTo(states);
    }
}
