package dev.fencepost.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.fencepost.chaos.check.Invariant;
import dev.fencepost.chaos.history.FaultFact;
import dev.fencepost.chaos.history.Handicap;
import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.Holder;
import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.Reading;
import dev.fencepost.chaos.history.Span;
import dev.fencepost.chaos.history.Store;
import dev.fencepost.chaos.work.Variant;
import dev.fencepost.servers.Persistence;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private static final Span SPAN = new Span(0, 1_000_000_000);

    @Test
    void runIsAsItShouldBeWhenNothingButTheControlsWasViolated() {
        assertThat(report(outcome(Variant.PRODUCT, 1, 2), outcome(Variant.NO_LOCK, 1, 1))
                        .ok())
                .isTrue();
    }

    @Test
    void violationOfTheProductFailsTheRun() {
        assertThat(report(outcome(Variant.PRODUCT, 1, 1), outcome(Variant.NO_LOCK, 1, 1))
                        .ok())
                .isFalse();
    }

    @Test
    void controlThatIsNotViolatedFailsTheRun() {
        assertThat(report(outcome(Variant.PRODUCT, 1, 2), outcome(Variant.NO_LOCK, 1, 2))
                        .ok())
                .isFalse();
    }

    /** It may be violated by the faults that such a workload takes, and then shows nothing. */
    @Test
    void controlThatViolatesSomethingElseFailsTheRun() {
        Outcome other = outcome(Variant.READ_BEFORE_CLAIM, Set.of(Invariant.NO_WRITE_IS_LOST), 1, 1);

        assertThat(other.verdict().violations()).isPositive();
        assertThat(report(outcome(Variant.PRODUCT, 1, 2), other).ok()).isFalse();
    }

    @Test
    void runInWhichNothingHappenedFails() {
        assertThat(report(outcome(Variant.PRODUCT), outcome(Variant.NO_LOCK, 1, 1))
                        .ok())
                .isFalse();
    }

    @Test
    void longRunInWhichThereWasNothingToLookAtForAnInvariantFails() {
        Outcome[] outcomes = {outcome(Variant.PRODUCT, 1, 2), outcome(Variant.NO_LOCK, 1, 1)};
        Report longer =
                new Report(new Report.Settings(42, Duration.ofHours(1)), Duration.ofHours(1), List.of(outcomes));

        assertThat(report(outcomes).ok()).isTrue();
        assertThat(longer.ok()).isFalse();
        assertThat(longer.html()).contains("There was nothing to look at for: sum is constant.");
    }

    @Test
    void faultsThatNeverHappenedAreThereToo() throws Exception {
        assertThat(JSON.std.mapFrom(report(outcome(Variant.PRODUCT, 1, 2)).json()))
                .extracting("faultsByKind")
                .isEqualTo(Map.of("pause nodes", 1, "stop store", 0));
    }

    @Test
    void figuresAreThere() throws Exception {
        Map<String, Object> json =
                JSON.std.mapFrom(report(outcome(Variant.PRODUCT, 1, 2, 3), outcome(Variant.BLIND_RAISE, 1, 1))
                        .json());

        assertThat(json)
                .containsEntry("seed", 42)
                .containsEntry("seconds", 9)
                .containsEntry("cycles", 3)
                .containsEntry("takenOver", 0);
        assertThat(json).containsEntry("faults", 1).containsEntry("violations", 0);
        assertThat(json)
                .extracting("controls")
                .isEqualTo(List.of(Map.of("name", "blind raise", "operations", 2, "checked", 1, "violations", 1)));
    }

    @Test
    void pageSaysHowToRunItAgainAndDrawsEveryFault() {
        String page = report(outcome(Variant.PRODUCT, 1, 2), outcome(Variant.NO_LOCK, 1, 1))
                .html();

        assertThat(page).contains("-Dfencepost.chaos.seconds=150 -Dfencepost.chaos.seed=42");
        assertThat(page).contains("<title>pause nodes, node 1</title>");
        assertThat(page).contains("<td>nothing: the product</td><td class=\"n\">2</td>");
        assertThat(page).doesNotContain("{{").doesNotContain("http://").doesNotContain("https://");
    }

    @Test
    void whatOneBadNodeCostsAndWhatWasNotJudgedIsThere() throws Exception {
        Report report = report(outcomeInTurns(), outcome(Variant.PRODUCT, 1, 2), outcome(Variant.NO_LOCK, 1, 1));
        Map<String, Object> json = JSON.std.mapFrom(report.json());

        assertThat(json)
                .extracting("oneBadNode")
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(3)
                .first(InstanceOfAssertFactories.MAP)
                .containsEntry("handicap", "one node down")
                .containsEntry("measure", "locks a second")
                .containsEntry("timesAsBad", 1.0)
                .containsEntry("within", true);
        assertThat(json).as("locks that were taken beside one bad node").containsEntry("cycles", 2);
        assertThat(report.html()).contains("<td>one node down</td><td>acquire, p99</td>");
        assertThat(report.html()).contains("not judged: 0 s are too short");
    }

    /** One lock in a turn with no bad node, and one in a turn with a node down, and a gauge that was read once. */
    private static Outcome outcomeInTurns() {
        Span well = new Span(0, 1_000_000);
        Span down = new Span(2_000_000, 3_000_000);
        History history = new History(
                List.of(lease(1, new Span(10, 20)), lease(2, new Span(2_000_010, 2_000_020))),
                List.of(),
                List.of(),
                List.of(
                        new Observation.Turn(0, Handicap.NONE, well),
                        new Observation.Turn(0, Handicap.ONE_DOWN, down),
                        new Observation.Gauged("threads", 1, List.of(new Reading(1, 7)))),
                new History.World(5, List.of()),
                Store.empty());
        TrialSpec spec = new TrialSpec(
                "in turns",
                Variant.PRODUCT,
                Persistence.NONE,
                List.of(),
                new TrialSpec.InTurns(),
                Duration.ofSeconds(1));
        return Outcome.of(spec, history, SPAN, Map.of());
    }

    private static LeaseFact lease(long token, Span asked) {
        return new LeaseFact(
                "worker 0",
                new Holder("r", token, "owner " + token),
                asked,
                new Span(asked.to(), asked.to() + 1),
                new LeaseFact.Terms(LeaseFact.UNSEEN, 1, 1, LeaseFact.NEVER),
                List.of());
    }

    private static Report report(Outcome... outcomes) {
        return new Report(new Report.Settings(42, Duration.ofSeconds(150)), Duration.ofSeconds(9), List.of(outcomes));
    }

    /** A trial in which these tokens of one resource were handed out, one after the other. */
    private static Outcome outcome(Variant variant, long... tokens) {
        return outcome(variant, Set.of(Invariant.TOKENS_ARE_UNIQUE), tokens);
    }

    private static Outcome outcome(Variant variant, Set<Invariant> violates, long... tokens) {
        List<LeaseFact> leases = LongStream.range(0, tokens.length)
                .mapToObj(i -> lease(tokens[(int) i], new Span(10 * i, 10 * i + 1)))
                .toList();
        FaultFact fault = new FaultFact("pause nodes", "node 1", new Span(100, 200));
        History history = new History(
                leases,
                List.of(),
                List.of(),
                List.of(new Observation.Recovery("somebody", new Span(1, 2), true, 3)),
                new History.World(5, List.of(fault)),
                Store.empty());
        TrialSpec spec = new TrialSpec(
                variant.title(),
                variant,
                Persistence.NONE,
                List.of(),
                variant == Variant.PRODUCT
                        ? new TrialSpec.Faults(List.of(FaultKind.PAUSE_NODES, FaultKind.STOP_STORE))
                        : new TrialSpec.Lacking(List.of(), violates),
                Duration.ofSeconds(1));
        return Outcome.of(spec, history, SPAN, Map.of(Gauge.THREADS, List.of(new Reading(1, 7))));
    }
}
