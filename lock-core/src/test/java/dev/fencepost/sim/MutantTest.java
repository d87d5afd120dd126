package dev.fencepost.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation can fail: whatever part of the protocol is taken out, it is missed in one of the first worlds, in which nothing is wrong with the part in its place. */
class MutantTest {
    private static final Set<Invariant> TOKENS = EnumSet.of(Invariant.UNIQUE, Invariant.CALL_ORDER);
    private static final Set<Fault> REORDERED = EnumSet.of(Fault.REORDERING, Fault.STALLS);
    private static final Set<Fault> UNUSED = EnumSet.of(Fault.UNUSED_GO, Fault.REORDERING);
    private static final Set<Fault> DELAYED = EnumSet.of(Fault.DELAYS, Fault.REORDERING);
    private static final Set<Fault> INSANE = EnumSet.of(Fault.DELAYS, Fault.CLOCK_RATES, Fault.CLOCK_JUMPS);

    /**
     * What shows that a part was taken out.
     *
     * @param within in one of how many worlds
     * @param violated what is violated there
     */
    record Case(Mutant mutant, LongFunction<Scenario> worlds, long within, Invariant violated) {
        /** What is looked at: a wrong token would otherwise show as a missing quorum, before it does any harm. */
        private Set<Invariant> checked() {
            return TOKENS.contains(violated) ? TOKENS : EnumSet.of(violated);
        }

        @Override
        public String toString() {
            return mutant + " violates " + violated;
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case(Mutant.NO_CONFIRM, Scenario::crowded, 20, Invariant.UNIQUE),
                new Case(Mutant.NO_CONFIRM, Scenario::thrifty, 100, Invariant.UNIQUE),
                new Case(Mutant.BLIND_RAISE, Scenario::crowded, 20, Invariant.UNIQUE),
                new Case(Mutant.LATE_LARGER_GRANT_COUNTS, Scenario::crowded, 500, Invariant.UNIQUE),
                new Case(Mutant.RAISE_IGNORES_COUNTER, Scenario::crowded, 10_000, Invariant.UNIQUE),
                new Case(Mutant.EXTEND_IGNORES_COUNTER, Scenario::crowded, 20_000, Invariant.NO_REVIVAL),
                new Case(Mutant.WALL_CLOCK, with(REORDERED), 20, Invariant.EXCLUSION),
                new Case(Mutant.LATE_ANCHOR, with(DELAYED), 50, Invariant.EXCLUSION),
                new Case(Mutant.LATE_ANCHOR, Scenario::of, 20, Invariant.DEADLINE),
                new Case(Mutant.RELEASE_OVERTAKES, Scenario::of, 50, Invariant.RELEASE_LAST),
                new Case(Mutant.GUARD_WITHOUT_CLAIM, Scenario::of, 1_000, Invariant.NO_LOST_UPDATE),
                new Case(Mutant.EQUALITY_WITHOUT_OWNER, Scenario::crowded, 300, Invariant.NO_LOST_UPDATE),
                new Case(Mutant.BLIND_REJOIN, Scenario::forgetful, 100, Invariant.UNIQUE),
                new Case(Mutant.BLIND_REJOIN, Scenario::forgetful, 50, Invariant.HOLD_ORDER),
                new Case(Mutant.SHORT_QUARANTINE, Scenario::forgetful, 200, Invariant.EXCLUSION),
                new Case(Mutant.SHORT_QUARANTINE, Scenario::changing, 200, Invariant.EXCLUSION),
                new Case(Mutant.FLOOR_OF_A_MINORITY, Scenario::absent, 10_000, Invariant.UNIQUE),
                new Case(Mutant.UNUSED_GO_WITHOUT_FLOOR, with(UNUSED), 300, Invariant.UNIQUE),
                new Case(Mutant.NARROW_GRANT, Scenario::lined, 20, Invariant.UNIQUE),
                new Case(Mutant.NARROW_GRANT, Scenario::lined, 20, Invariant.COVERAGE),
                new Case(Mutant.TOKENS_UPWARD, Scenario::lined, 20, Invariant.UNIQUE),
                new Case(Mutant.TOKENS_UPWARD, Scenario::lined, 20, Invariant.COVERAGE),
                new Case(Mutant.LATECOMERS_INHERIT, Scenario::lined, 50, Invariant.CALL_ORDER),
                new Case(Mutant.DEAF, Scenario::patient, 20, Invariant.LIVENESS));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void thePartThatIsTakenOutIsMissed(Case of) {
        OptionalLong seed = LongStream.rangeClosed(1, of.within)
                .filter(world ->
                        isViolated(of.worlds.apply(world).with(of.mutant).checking(of.checked()), of.violated))
                .findFirst();

        assertThat(seed).as("a world in which it is missed").isPresent();
        System.out.printf("%s, in world %,d of %,d%n", of, seed.orElseThrow(), of.within);
        assertThatCode(() -> Simulation.run(of.worlds.apply(seed.orElseThrow())))
                .as("with the part in its place")
                .doesNotThrowAnyException();
    }

    @Test
    void leasesOverlapWhenClocksAreInsaneAndNothingElseIsViolated() {
        OptionalLong seed = LongStream.rangeClosed(1, 100)
                .filter(world ->
                        isViolated(insane(world).checking(EnumSet.of(Invariant.EXCLUSION)), Invariant.EXCLUSION))
                .findFirst();

        assertThat(seed).isPresent();
        assertThatCode(() -> Simulation.run(insane(seed.orElseThrow()))).doesNotThrowAnyException();
    }

    /** The one change of the protocol that does no harm; see docs/protocol.md. */
    @Test
    void aRepeatedGrantMayAnswerWithTheCounterAsItIs() {
        for (long seed = 1; seed <= 100; seed++) {
            Scenario scenario = Scenario.crowded(seed).with(Mutant.GRANT_REPEATS_VALUE);
            assertThatCode(() -> Simulation.run(scenario)).as("seed %d", seed).doesNotThrowAnyException();
        }
    }

    @Test
    void noUpdateIsLostToTokensThatAreNotUniqueAsLongAsTheGuardKnowsOwners() {
        List<Scenario> worlds = LongStream.rangeClosed(1, 20)
                .mapToObj(seed -> Scenario.crowded(seed).with(Mutant.NO_CONFIRM_BUT_GUARDED))
                .toList();

        assertThat(worlds).anyMatch(world -> isViolated(world.checking(TOKENS), Invariant.UNIQUE));
        assertThat(worlds)
                .allSatisfy(world -> assertThatCode(
                                () -> Simulation.run(world.checking(EnumSet.of(Invariant.NO_LOST_UPDATE))))
                        .doesNotThrowAnyException());
    }

    private static LongFunction<Scenario> with(Set<Fault> faults) {
        return seed -> Scenario.of(seed).with(faults);
    }

    private static Scenario insane(long seed) {
        return Scenario.of(seed).with(INSANE);
    }

    private static boolean isViolated(Scenario scenario, Invariant invariant) {
        try {
            Simulation.run(scenario);
            return false;
        } catch (Violation violation) {
            return violation.isOf(invariant);
        }
    }
}
