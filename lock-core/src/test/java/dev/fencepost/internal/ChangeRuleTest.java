package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.internal.ChangeModel.Bounds;
import dev.fencepost.internal.ChangeModel.Flaw;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rule by which the set of nodes is changed, searched for a counterexample in every state that two attempts can reach, with the real {@link Move}, {@link Established}, {@link Markers}, {@link Ballot} and
 * {@link Join} deciding. It takes the steps of {@code docs/spec/Members.tla} and counts states as TLC does, so that both must come to the same number: the code then does in every one of these states what the
 * specification says. {@code SpecificationTest} holds TLC to the same numbers.
 */
final class ChangeRuleTest {
    private static final boolean SOAK = Boolean.getBoolean("fencepost.soak");

    /** From three nodes to one, which is more than leases allow: tokens have nothing but the rule there. */
    private static Bounds toOne(int crashes, int views) {
        return new Bounds(3, 0b111, List.of(0b001), true, crashes, views);
    }

    @Test
    void holdsWhenThreeNodesBecomeOneInEveryStateThatTlcKnowsOf() {
        assertHolds(toOne(0, 1), 0b110, 15_766);
    }

    @Test
    void holdsWhenTwoNodesBecomeThreeAndANodeForgetsInEveryStateThatTlcKnowsOf() {
        assertHolds(new Bounds(3, 0b011, List.of(0b111), false, 1, 0), 0b011, 9_296);
    }

    @Test
    void holdsWhenOneNodeBecomesTwoAndANodeForgetsInEveryStateThatTlcKnowsOf() {
        assertHolds(new Bounds(2, 0b01, List.of(0b11), true, 1, 2), 0, 2_057);
    }

    @Test
    void holdsWhenOneNodeBecomesThreeAndANodeForgetsInEveryStateThatTlcKnowsOf() {
        assertHolds(new Bounds(3, 0b001, List.of(0b111), true, 1, 0), 0, 17_680);
    }

    @Test
    void holdsInTheLargerBoundsInEveryStateThatTlcKnowsOf() {
        if (SOAK) {
            assertHolds(new Bounds(4, 0b0111, List.of(0b1111), false, 0, 0), 0b0111, 140_192);
            assertHolds(new Bounds(4, 0b0111, List.of(0b1110), false, 0, 0), 0b0110, 197_471);
            assertHolds(new Bounds(3, 0b111, List.of(0b011, 0b110), true, 0, 0), 0, 176_251);
            assertHolds(new Bounds(3, 0b011, List.of(0b111), false, 1, 1), 0b011, 284_633);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Flaw.class,
            names = {"NO_FLOOR", "THAW", "BLIND_MEMBER", "ANY_LIFE"})
    void isBrokenByTheLossOfAnyPart(Flaw flaw) {
        int crashes = flaw == Flaw.BLIND_MEMBER || flaw == Flaw.ANY_LIFE ? 1 : 0;

        ChangeSearch.Result result = ChangeSearch.of(new ChangeModel(toOne(crashes, 0), flaw), 3, 0b110);

        System.out.println("changes with " + flaw + ": " + result);
        assertThat(result.broken()).containsAnyOf(ChangeInvariants.Rule.UNIQUE, ChangeInvariants.Rule.FLOOR_COVERS);
    }

    private static void assertHolds(Bounds bounds, int alike, int states) {
        long began = System.nanoTime();
        ChangeSearch.Result result = ChangeSearch.of(new ChangeModel(bounds, Flaw.NONE), bounds.nodes(), alike);
        System.out.printf("changes, %s: %s, %,d ms%n", bounds, result, (System.nanoTime() - began) / 1_000_000);

        assertThat(result.broken()).isEmpty();
        assertThat(result.states()).isEqualTo(states);
    }
}
