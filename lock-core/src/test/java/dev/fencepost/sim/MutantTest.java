package dev.fencepost.sim;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation can fail: whatever part of the protocol is taken out, it is missed in the world of the seed that stands here. */
class MutantTest {
    private static final Set<Invariant> TOKENS =
            EnumSet.of(Invariant.UNIQUE, Invariant.CALL_ORDER, Invariant.HOLD_ORDER);
    private static final Set<Fault> REORDERED = EnumSet.of(Fault.REORDERING, Fault.STALLS);
    private static final Set<Fault> UNUSED = EnumSet.of(Fault.UNUSED_GO, Fault.REORDERING);
    private static final Set<Fault> DELAYED = EnumSet.of(Fault.DELAYS, Fault.REORDERING);
    private static final Set<Fault> INSANE = EnumSet.of(Fault.DELAYS, Fault.CLOCK_RATES, Fault.CLOCK_JUMPS);

    /**
     * What shows that a part was taken out.
     *
     * @param checked what is looked at: a wrong token would otherwise show as a missing quorum, before it does any harm
     */
    record Case(Scenario scenario, Set<Invariant> checked, Invariant violated) {
        @Override
        public String toString() {
            return scenario.mutant() + " violates " + violated + " with seed " + scenario.seed();
        }
    }

    static List<Case> cases() {
        return List.of(
                crowded(Mutant.NO_CONFIRM, 1, Invariant.UNIQUE),
                crowded(Mutant.BLIND_RAISE, 3, Invariant.UNIQUE),
                crowded(Mutant.LATE_LARGER_GRANT_COUNTS, 7, Invariant.UNIQUE),
                crowded(Mutant.RAISE_IGNORES_COUNTER, 386, Invariant.UNIQUE),
                crowded(Mutant.EXTEND_IGNORES_COUNTER, 173, Invariant.NO_REVIVAL),
                with(Mutant.WALL_CLOCK, 1, REORDERED, Invariant.EXCLUSION),
                with(Mutant.LATE_ANCHOR, 3, DELAYED, Invariant.EXCLUSION),
                any(Mutant.LATE_ANCHOR, 2, Invariant.DEADLINE),
                any(Mutant.RELEASE_OVERTAKES, 3, Invariant.RELEASE_LAST),
                any(Mutant.GUARD_WITHOUT_CLAIM, 86, Invariant.NO_LOST_UPDATE),
                crowded(Mutant.EQUALITY_WITHOUT_OWNER, 30, Invariant.NO_LOST_UPDATE),
                forgetful(Mutant.BLIND_REJOIN, 6, Invariant.UNIQUE),
                forgetful(Mutant.SHORT_QUARANTINE, 1, Invariant.EXCLUSION),
                absent(Mutant.FLOOR_OF_A_MINORITY, 246, Invariant.UNIQUE),
                with(Mutant.UNUSED_GO_WITHOUT_FLOOR, 28, UNUSED, Invariant.UNIQUE));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void thePartThatIsTakenOutIsMissed(Case of) {
        assertViolated(of.scenario.checking(of.checked), of.violated);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSameWorldIsRightWithThePartInPlace(Case of) {
        Scenario whole = of.scenario.with(Mutant.NONE);

        assertThatCode(() -> Simulation.run(whole)).doesNotThrowAnyException();
    }

    @Test
    void leasesOverlapWhenClocksAreInsaneAndNothingElseIsViolated() {
        Scenario scenario = Scenario.of(2).with(INSANE);

        assertViolated(scenario.checking(EnumSet.of(Invariant.EXCLUSION)), Invariant.EXCLUSION);
        assertThatCode(() -> Simulation.run(scenario)).doesNotThrowAnyException();
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
        Scenario scenario = Scenario.crowded(1).with(Mutant.NO_CONFIRM_BUT_GUARDED);

        assertViolated(scenario.checking(TOKENS), Invariant.UNIQUE);
        assertThatCode(() -> Simulation.run(scenario.checking(EnumSet.of(Invariant.NO_LOST_UPDATE))))
                .doesNotThrowAnyException();
    }

    private static Case with(Mutant mutant, long seed, Set<Fault> faults, Invariant violated) {
        return new Case(Scenario.of(seed).with(faults).with(mutant), checkedFor(violated), violated);
    }

    private static Case any(Mutant mutant, long seed, Invariant violated) {
        return new Case(Scenario.of(seed).with(mutant), checkedFor(violated), violated);
    }

    private static Case crowded(Mutant mutant, long seed, Invariant violated) {
        return new Case(Scenario.crowded(seed).with(mutant), checkedFor(violated), violated);
    }

    private static Case forgetful(Mutant mutant, long seed, Invariant violated) {
        return new Case(Scenario.forgetful(seed).with(mutant), checkedFor(violated), violated);
    }

    private static Case absent(Mutant mutant, long seed, Invariant violated) {
        return new Case(Scenario.absent(seed).with(mutant), checkedFor(violated), violated);
    }

    private static void assertViolated(Scenario scenario, Invariant invariant) {
        assertThatExceptionOfType(Violation.class)
                .isThrownBy(() -> Simulation.run(scenario))
                .withMessageStartingWith(invariant + ":");
    }

    private static Set<Invariant> checkedFor(Invariant violated) {
        return TOKENS.contains(violated) ? TOKENS : EnumSet.of(violated);
    }
}
