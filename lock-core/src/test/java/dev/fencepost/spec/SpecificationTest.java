package dev.fencepost.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The protocol keeps its promises in every order of events, and each part of it is needed. What is checked in which bounds is written at the head
 * of each configuration in {@code docs/spec}; those whose name begins with "Larger" are checked with {@code -Psoak}.
 */
class SpecificationTest {
    private static final boolean SOAK = Boolean.getBoolean("fencepost.soak");
    private static final Duration LIMIT = SOAK ? Duration.ofHours(1) : Duration.ofMinutes(5);

    private static final List<Check> HOLDING = List.of(
            new Check("Fencepost", "Fencepost"),
            new Check("Fencepost", "Extension"),
            new Check("Fencepost", "RaiseIgnoresCounterOnce"),
            new Check("Fencepost", "RepeatAnswersCounter"),
            new Check("Fencepost", "LargerRepeatAnswersCounter"),
            new Check("Fencepost", "LargerUneven"),
            new Check("Fencepost", "LargerThreeAttempts"),
            new Check("Fencepost", "LargerFiveNodes"),
            new Check("Fencepost", "Widths"),
            new Check("Fencepost", "LargerWidths"),
            new Check("Fencepost", "LargerWidthsExtension"),
            new Check("Fencepost", "LargerWidthsRepeatAnswersCounter"),
            new Check("Fencepost", "LargerWidthsThreeAttempts"),
            new Check("Rejoin", "Rejoin"),
            new Check("Rejoin", "LargerRejoinWidths"),
            new Check("Restore", "Restore"),
            new Check("Restore", "LargerRestore"),
            new Check("FiveNodes", "FiveNodesEstablished"),
            new Check("StaleJoin", "StaleJoinRefused"),
            new Check("Rejoin", "LargerRejoinTwoCrashes"),
            new Check("Rejoin", "LargerRejoinTwoJoiners"),
            new Check("Members", "Members"),
            new Check("Members", "MembersGrow"),
            new Check("Members", "MembersFromOne"),
            new Check("Members", "LargerMembersCrash"),
            new Check("Members", "LargerMembersGrow"),
            new Check("Members", "LargerMembersFromOne"),
            new Check("Members", "LargerMembersFour"),
            new Check("Members", "LargerMembersSwap"),
            new Check("Members", "LargerMembersShrink"),
            new Check("Members", "LargerMembersTwoWishes"),
            new Check("Members", "LargerMembersTakenBack"),
            new Check("Members", "LargerMembersTwoChanges"),
            new Check("Members", "LargerMembersFourWishes"),
            new Check("Carried", "Carried"),
            new Check("Carried", "LargerCarriedTwoRounds"),
            new Check("Carried", "LargerCarriedTwoChanges"),
            new Check("Carried", "LargerCarriedCrash"),
            new Check("Carried", "LargerCarriedSwap"));

    private static final List<Refutation> BROKEN = List.of(
            new Refutation(new Check("Fencepost", "NoConfirm"), "UniqueTokens"),
            new Refutation(new Check("Fencepost", "NoConfirmUneven"), "CallOrder"),
            new Refutation(new Check("Fencepost", "BlindRaise"), "UniqueTokens"),
            new Refutation(new Check("Fencepost", "LateLargerGrantCounts"), "UniqueTokens"),
            new Refutation(new Check("Fencepost", "OrderStatistic"), "UniqueTokens"),
            new Refutation(new Check("Fencepost", "RaiseIgnoresCounter"), "UniqueTokens"),
            new Refutation(new Check("Fencepost", "ExtendIgnoresCounter"), "NoRevival"),
            new Refutation(new Check("Fencepost", "TokensUpward"), "UniqueTokens"),
            new Refutation(new Check("Fencepost", "NarrowGrant"), "UniqueTokens"),
            new Refutation(new Check("Fencepost", "LatecomersInherit"), "CallOrder"),
            new Refutation(new Check("Rejoin", "BlindRejoin"), "UniqueTokens"),
            new Refutation(new Check("Rejoin", "NoViews"), "UniqueTokens"),
            new Refutation(new Check("Rejoin", "FloorFromMinority"), "UniqueTokens"),
            new Refutation(new Check("Rejoin", "InventedViews"), "UniqueTokens"),
            new Refutation(new Check("Restore", "RestoreForgets"), "NoRevival"),
            new Refutation(new Check("FiveNodes", "FiveNodes"), "UniqueTokens"),
            new Refutation(new Check("StaleJoin", "StaleJoinFinished"), "UniqueTokens"),
            new Refutation(new Check("Members", "FewFrozen"), "UniqueTokens"),
            new Refutation(new Check("Members", "TwoSuccessors"), "OneSuccessor"),
            new Refutation(new Check("Members", "LargerOneLook"), "UniqueTokens"),
            new Refutation(new Check("Members", "NoFloor"), "UniqueTokens"),
            new Refutation(new Check("Members", "Thaw"), "UniqueTokens"),
            new Refutation(new Check("Members", "NoEpochs"), "UniqueTokens"),
            new Refutation(new Check("Members", "BlindMember"), "UniqueTokens"),
            new Refutation(new Check("Members", "AnyLife"), "UniqueTokens"),
            new Refutation(new Check("Carried", "CarriedOver"), "NoRevival"),
            new Refutation(new Check("Carried", "LargerCarriedTooFar"), "NoRevival"));

    /** In how many states the code, too, was seen to do what the specification says; see {@code JoinRuleTest} and {@code ChangeRuleTest}. */
    private static final Map<String, Long> STATES_OF_THE_CODE = Map.ofEntries(
            Map.entry("Rejoin", 20_372L),
            Map.entry("LargerRejoinTwoCrashes", 511_234L),
            Map.entry("LargerRejoinTwoJoiners", 385_809L),
            Map.entry("Members", 15_766L),
            Map.entry("MembersGrow", 9_296L),
            Map.entry("MembersFromOne", 2_057L),
            Map.entry("LargerMembersFromOne", 17_680L),
            Map.entry("LargerMembersFour", 140_192L),
            Map.entry("LargerMembersSwap", 197_471L),
            Map.entry("LargerMembersTwoWishes", 176_251L),
            Map.entry("LargerMembersGrow", 284_633L));

    private record Check(String module, String configuration) {
        boolean isDue() {
            return SOAK || !configuration.startsWith("Larger");
        }

        Tlc.Verdict run() {
            Tlc.Verdict verdict = Tlc.check(module, configuration, LIMIT);
            System.out.printf(
                    "TLC %s: %s, %,d states%n",
                    configuration,
                    verdict.violated().map(name -> name + " is refuted").orElse("holds"),
                    verdict.distinctStates());
            return verdict;
        }

        @Override
        public String toString() {
            return configuration;
        }
    }

    private record Refutation(Check check, String violated) {
        @Override
        public String toString() {
            return check + " refutes " + violated;
        }
    }

    static Stream<Check> holding() {
        return HOLDING.stream().filter(Check::isDue);
    }

    static Stream<Refutation> broken() {
        return BROKEN.stream().filter(refutation -> refutation.check.isDue());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("holding")
    void everyInvariantHoldsInEveryOrderOfEvents(Check check) {
        Tlc.Verdict verdict = check.run();

        assertThat(verdict.violated()).isEmpty();
        assertThat(verdict.distinctStates())
                .isEqualTo(STATES_OF_THE_CODE.getOrDefault(check.configuration, verdict.distinctStates()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aProtocolWithoutOneOfItsPartsIsRefuted(Refutation refutation) {
        assertThat(refutation.check.run().violated()).isEqualTo(Optional.of(refutation.violated));
    }

    @Test
    void everyConfigurationInTheDocumentationIsChecked() {
        Stream<Check> checks = Stream.concat(HOLDING.stream(), BROKEN.stream().map(Refutation::check));

        assertThat(checks.map(Check::configuration)).containsExactlyInAnyOrderElementsOf(Tlc.configurations());
    }
}
