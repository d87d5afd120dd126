package dev.fencepost.chaos.check;

import static dev.fencepost.chaos.check.Made.gauged;
import static dev.fencepost.chaos.check.Made.history;
import static dev.fencepost.chaos.check.Made.holder;
import static dev.fencepost.chaos.check.Made.inTurns;
import static dev.fencepost.chaos.check.Made.millis;
import static dev.fencepost.chaos.check.Made.nanos;
import static dev.fencepost.chaos.check.Made.vote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.chaos.history.FaultFact;
import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.Holder;
import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.NodeFact;
import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.WriteFact.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each check passes a history that is as it should be, and fails one that differs in the one thing that it is about. */
final class InvariantTest {
    @ParameterizedTest
    @EnumSource
    void goodHistoryPassesAndIsLookedAt(Invariant invariant) {
        Findings findings = invariant.check(good(invariant));

        assertThat(findings.violations()).as("%s", findings).isZero();
        assertThat(findings.checked()).as("%s", findings).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void badHistoryFails(Invariant invariant) {
        Findings findings = invariant.check(bad(invariant));

        assertThat(findings.violations()).as("%s", findings).isPositive();
        assertThat(findings.told()).isNotEmpty();
    }

    /** A history that violates nothing at all: what is good for one check must not be bad for another. */
    @ParameterizedTest
    @EnumSource
    void goodHistoryPassesEveryCheck(Invariant invariant) {
        Verdict verdict = Verdict.of(good(invariant));

        assertThat(verdict.violations()).as("%s", verdict.findings()).isZero();
    }

    /** Tokens 4 and 5 are of one attempt, whose hold at node 0 began with 4, and at node 1 with 3. */
    @Test
    void leasesOfOneAttemptHaveOneHoldAndTheNextOneBeginsBehindAllOfThem() {
        assertThat(Verdict.of(takenOver(7, true)).violations()).isZero();
        assertThat(Invariant.HOLD_ORDER.check(takenOver(5, true)).violations()).isPositive();
        assertThat(Invariant.COVERAGE.check(takenOver(7, false)).violations()).isPositive();
    }

    private static History takenOver(long next, boolean counted) {
        return history()
                .lease(of(4), millis(0, 10), millis(10, 15), vote(0, 4, true), vote(1, 3, true))
                .lease(of(5), millis(0, 20), millis(20, 25), vote(0, 4, true), vote(1, 3, counted))
                .lease(7, 21, 40, 45, vote(0, next, true), vote(1, next, true))
                .done();
    }

    private static Holder of(long token) {
        return new Holder("r", token, "one");
    }

    /** The node is seen while the first of them has the lock, and it has to be there for the second. */
    @Test
    void lockThatIsToBeTakenOverMustNotGoAway() {
        assertThat(Invariant.ONLY_OWN_LOCKS_ARE_TOUCHED.check(seen("one")).checked())
                .isPositive();
        assertThat(Verdict.of(seen("one")).violations()).isZero();
        assertThat(Invariant.ONLY_OWN_LOCKS_ARE_TOUCHED.check(seen("another")).violations())
                .isPositive();
    }

    private static History seen(String ownerThen) {
        return history()
                .lease(of(4), millis(0, 10), millis(10, 200))
                .lease(of(5), millis(0, 210), millis(210, 600))
                .lease(of(6), millis(0, 610), millis(610, 620))
                .seen(new NodeFact.Lock(0, "p", "r", "one", millis(100, 101), nanos(900)))
                .seen(new NodeFact.Lock(0, "p", "r", ownerThen, millis(500, 501), nanos(900)))
                .done();
    }

    @Test
    void jumpOfAClockExcusesHoldersThatOverlap() {
        History history = history()
                .lease(1, 0, 10, 100)
                .lease(2, 20, 50, 150)
                .fault(FaultFact.CLOCK_JUMP, "node 1", 30, 40)
                .done();

        assertThat(Invariant.HOLDERS_ARE_DISJOINT.check(history).violations()).isZero();
    }

    @Test
    void lockMayOutliveItsTimeOnANodeWhoseClockWasSetBack() {
        History history = history()
                .seen(new NodeFact.Residue(1, "lock"))
                .fault(FaultFact.CLOCK_JUMP_BACK, "node 1", 30, 40)
                .done();

        assertThat(Invariant.NOTHING_IS_LEFT.check(history).violations()).isZero();
    }

    @Test
    void leaseThatWasNeverUsedOverlapsNobody() {
        History history = history()
                .lease(1, 0, 10, 100)
                .lease(holder(2), millis(20, 50), LeaseFact.UNUSED)
                .done();

        assertThat(Invariant.HOLDERS_ARE_DISJOINT.check(history).violations()).isZero();
    }

    @Test
    void pauseOfAWorkerExcusesLateNewsOfALoss() {
        History history = history()
                .noticed(new Observation.Loss("worker 0", holder(1), nanos(100), nanos(9_000)))
                .fault("pause workers", "worker 0", 50, 8_500)
                .done();

        assertThat(Invariant.LOSS_IS_TOLD.check(history).violations()).isZero();
    }

    @Test
    void unknownOutcomeMayBeThereAndMayBeMissing() {
        History history = history()
                .lease(1, 0, 10, 100)
                .write("a", 1, Outcome.UNKNOWN)
                .write("b", 1, Outcome.UNKNOWN)
                .committed("a", 1, true)
                .done();

        assertThat(Verdict.of(history).violations()).isZero();
    }

    private static History good(Invariant invariant) {
        return switch (invariant) {
            case TOKENS_ARE_UNIQUE, CALL_ORDER, HOLDERS_ARE_DISJOINT, NOTHING_IS_LEFT ->
                history().lease(1, 0, 10, 15).lease(2, 5, 20, 100).done();
            case HOLD_ORDER, COVERAGE ->
                history()
                        .lease(3, 0, 10, 15, vote(0, 3, true), vote(1, 2, true), vote(2, 4, false))
                        .lease(5, 12, 20, 100, vote(0, 4, true), vote(1, 4, true), vote(2, 5, true))
                        .done();
            case COUNTERS_NEVER_FALL ->
                history()
                        .seen(new NodeFact.Counter(0, "p", "r", 4))
                        .seen(new NodeFact.Counter(0, "p", "r", 5))
                        .seen(new NodeFact.Counter(0, "q", "r", 1))
                        .done();
            case NO_VOTE_BEFORE_REJOIN ->
                history()
                        .lease(1, 0, 10, 15, vote(0, 1, true), vote(1, 1, true))
                        .seen(new NodeFact.NotReady(0, "p", millis(5, 50)))
                        .done();
            case DEADLINE -> history().promise(1, 100, 1_088).done();
            case ONLY_OWN_LOCKS_ARE_TOUCHED -> locks("owner-1");
            case LOSS_IS_TOLD ->
                history()
                        .noticed(new Observation.Loss("worker 0", holder(1), nanos(100), nanos(120)))
                        .done();
            case COMMITTED_TOKENS_NEVER_FALL,
                    HOLDERS_WRITE_IN_ONE_PIECE,
                    NO_WRITE_IS_LOST,
                    NO_WRITE_IS_INVENTED,
                    ALL_OR_NOTHING -> written().done();
            case CLAIMS_SURVIVE_CRASHES ->
                written().noticed(new Observation.AfterCrash("r", 2, nanos(50))).done();
            case SUM_IS_CONSTANT ->
                history().noticed(new Observation.Sum(700, 700)).done();
            case BILLED_ONCE -> history().charged("i", 1).done();
            case NO_UNCLAIMED_WRITE ->
                history().noticed(new Observation.Unclaimed("a", false)).done();
            case HOLDERS_ARE_NOT_REFUSED_WITHOUT_CAUSE ->
                history()
                        .lease(1, 0, 10, 15)
                        .lease(2, 5, 20, 100)
                        .noticed(new Observation.Refusal(holder(1), 2))
                        .done();
            case RECOVERY ->
                history()
                        .noticed(new Observation.Recovery("somebody", millis(0, 300), true, nanos(2_000)))
                        .done();
            case NOTHING_LEAKS ->
                gauged(60, minute -> minute < 10 ? 10L * minute : 100 + minute % 3)
                        .done();
            case ONE_BAD_NODE_COSTS_LITTLE -> inTurns(3).done();
        };
    }

    private static History bad(Invariant invariant) {
        return switch (invariant) {
            case TOKENS_ARE_UNIQUE ->
                history()
                        .lease(1, 0, 10, 15)
                        .lease(new Holder("r", 1, "another"), millis(5, 20), millis(20, 30))
                        .done();
            case CALL_ORDER ->
                history().lease(7, 0, 10, 15).lease(6, 16, 20, 100).done();
            case HOLD_ORDER ->
                history()
                        .lease(3, 0, 10, 15, vote(0, 3, true), vote(1, 3, true))
                        .lease(5, 5, 20, 100, vote(0, 2, true), vote(2, 5, true))
                        .done();
            case COVERAGE ->
                history()
                        .lease(3, 0, 10, 15, vote(0, 3, true), vote(1, 2, false), vote(2, 4, true))
                        .done();
            case COUNTERS_NEVER_FALL ->
                history()
                        .seen(new NodeFact.Counter(0, "p", "r", 4))
                        .seen(new NodeFact.Counter(0, "p", "r", 3))
                        .done();
            case NO_VOTE_BEFORE_REJOIN ->
                history()
                        .lease(1, 0, 10, 15, vote(0, 1, true), vote(1, 1, true))
                        .seen(new NodeFact.NotReady(0, "p", millis(-5, 50)))
                        .done();
            case DEADLINE -> history().promise(1, 100, 1_089).done();
            case HOLDERS_ARE_DISJOINT ->
                history().lease(1, 0, 10, 21).lease(2, 5, 20, 100).done();
            case ONLY_OWN_LOCKS_ARE_TOUCHED -> locks("owner-2");
            case NOTHING_IS_LEFT ->
                history().seen(new NodeFact.Residue(1, "lock")).done();
            case LOSS_IS_TOLD ->
                history()
                        .noticed(new Observation.Loss("worker 0", holder(1), nanos(100), LeaseFact.NEVER))
                        .done();
            case COMMITTED_TOKENS_NEVER_FALL ->
                history().committed("a", 2, true).committed("b", 1, true).done();
            case HOLDERS_WRITE_IN_ONE_PIECE ->
                history()
                        .committed("a", 1, true)
                        .committed("b", 2, true)
                        .committed("c", 1, true)
                        .done();
            case NO_WRITE_IS_LOST ->
                written().write("c", 2, Outcome.STORED).committed("c", 2, false).done();
            case NO_WRITE_IS_INVENTED ->
                written().write("c", 2, Outcome.REFUSED).committed("c", 2, true).done();
            case ALL_OR_NOTHING -> written().effect("c").done();
            case CLAIMS_SURVIVE_CRASHES ->
                written().noticed(new Observation.AfterCrash("r", 1, nanos(50))).done();
            case SUM_IS_CONSTANT ->
                history().noticed(new Observation.Sum(700, 650)).done();
            case BILLED_ONCE -> history().charged("i", 2).done();
            case NO_UNCLAIMED_WRITE ->
                history().noticed(new Observation.Unclaimed("a", true)).done();
            case HOLDERS_ARE_NOT_REFUSED_WITHOUT_CAUSE ->
                history()
                        .lease(1, 0, 10, 15)
                        .noticed(new Observation.Refusal(holder(1), 2))
                        .done();
            case RECOVERY ->
                history()
                        .noticed(new Observation.Recovery("somebody", millis(0, 2_001), true, nanos(2_000)))
                        .done();
            case NOTHING_LEAKS -> gauged(60, minute -> 100 + minute).done();
            case ONE_BAD_NODE_COSTS_LITTLE -> inTurns(98).done();
        };
    }

    private static Made written() {
        return history()
                .lease(1, 0, 10, 15)
                .lease(2, 16, 20, 100)
                .write("a", 1, Outcome.STORED)
                .write("b", 2, Outcome.STORED)
                .committed("a", 1, true)
                .committed("b", 2, true);
    }

    /** A lock that is to live until 900 is seen again at 500, when its holder still uses it. */
    private static History locks(String ownerThen) {
        return history()
                .lease(1, 0, 10, 600)
                .seen(new NodeFact.Lock(0, "p", "r", "owner-1", millis(100, 101), nanos(900)))
                .seen(new NodeFact.Lock(0, "p", "r", ownerThen, millis(500, 501), nanos(1_300)))
                .done();
    }
}
