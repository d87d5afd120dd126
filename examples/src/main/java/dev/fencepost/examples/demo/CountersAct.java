package dev.fencepost.examples.demo;

import dev.fencepost.FencingToken;
import dev.fencepost.examples.billing.Billing;
import dev.fencepost.examples.billing.Protection;
import dev.fencepost.examples.billing.WorkerEvent;
import dev.fencepost.examples.billing.WorkerEvent.Kind;
import dev.fencepost.examples.story.Findings;
import dev.fencepost.examples.story.Heading;
import dev.fencepost.examples.story.Story;
import dev.fencepost.examples.story.Table;
import dev.fencepost.examples.story.Timeline.Mark;
import dev.fencepost.jdbc.StaleTokenException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Counters of several nodes go out of step in ordinary use. Taking their maximum is then no order, and the rule of this library still is.
 *
 * <p>How the counters come apart here: node 1 is down when A takes the lock, and so it does not know of A when it is back. Whoever polls for the
 * lock gets one vote there, fails to get a quorum, and leaves the counter of that node one higher.
 */
final class CountersAct implements Act {
    private static final String CUSTOMER = "3";
    private static final String RESOURCE = Billing.resource(CUSTOMER);
    private static final Duration LONG_LEASE = Duration.ofSeconds(20);
    private static final int AHEAD = 40;
    private static final int POLLS = 10;

    @Override
    public Heading heading() {
        return new Heading(
                "counters-out-of-step",
                "“Maximum of INCR” goes backwards; the token does not",
                "Node 1 misses A's lock because it is down for a moment. While A works, B polls: each try gets one vote, from node 1,"
                        + " loses, and leaves that counter one higher. Then nodes 4 and 5 are down and B gets a token from nodes 1, 2 and 3; then node 1 is killed,"
                        + " and A gets the next one from the other four. Beside it “INCR on each node, take the maximum” runs for real, on the"
                        + " same nodes, on copies of the same counters.");
    }

    @Override
    public List<String> lanes() {
        List<String> lanes = new ArrayList<>(List.of(Worker.lane("A"), Worker.lane("B")));
        for (int number = 1; number <= Stage.NODES; number++) {
            lanes.add(Stage.lane(number));
        }
        return lanes;
    }

    @Override
    public void play(Stage stage, Story story, Findings findings) {
        stage.owe(CUSTOMER, 700);
        List<List<String>> rows = new ArrayList<>();
        try (Stage.Cast cast = stage.cast(story, Protection.GUARD, LONG_LEASE, "A", "B")) {
            Worker a = cast.get("A");
            Worker b = cast.get("B");
            long held = contend(stage, story, a, b);
            List<OptionalLong> apart = Counters.of(stage, RESOURCE);
            showCounters(story, apart);
            rows.add(row("A had token " + held + ", B polled", apart, "", ""));
            MaxOfIncr rule = MaxOfIncr.copyOf(stage.running(), RESOURCE);

            stage.kill(story, 4, 5);
            long before = charge(stage, b, 800);
            long ruleBefore = rule.next(stage.running());
            rows.add(row(
                    "B's turn, nodes 4 and 5 down",
                    Counters.of(stage, RESOURCE),
                    Long.toString(before),
                    Long.toString(ruleBefore)));

            stage.kill(story, 1);
            stage.restart(story, 4, 5);
            long after = charge(stage, a, 900);
            long ruleAfter = rule.next(stage.running());
            List<OptionalLong> end = Counters.of(stage, RESOURCE);
            showCounters(story, end);
            rows.add(row("A's turn, node 1 dead", end, Long.toString(after), Long.toString(ruleAfter)));

            findings.table(new Table(
                    "counters of " + RESOURCE + " on the nodes, and the token each rule hands out", columns(), rows));
            report(findings, new Tokens(held, before, after), new Tokens(held, ruleBefore, ruleAfter));
            reportGuard(stage, findings, ruleBefore, ruleAfter);
        }
    }

    /** Tokens of one resource, in the order in which they were handed out. */
    private record Tokens(long held, long before, long after) {}

    /** Drives the counter of node 1 ahead of the others while A holds the lock, and returns A's token. */
    private static long contend(Stage stage, Story story, Worker a, Worker b) {
        stage.kill(story, 1);
        a.tell("stepwise " + CUSTOMER);
        long token = a.awaitToken(CUSTOMER).facts().number("token");
        a.awaitAboutToWrite();
        stage.restart(story, 1);
        int polls = 0;
        while (Counters.of(stage.node(1), RESOURCE) < AHEAD) {
            b.tell("poll " + CUSTOMER + " " + POLLS);
            WorkerEvent polled = b.await(Kind.BUSY);
            if (polled.facts().number("times") != POLLS) {
                throw new IllegalStateException(
                        "B was to find " + RESOURCE + " held at every poll, but did at " + polled.facts());
            }
            b.await(Kind.DONE);
            polls += POLLS;
        }
        story.tell(
                Worker.lane("B"),
                Mark.NOTE,
                polls + " polls",
                "has polled " + polls + " times, and found " + RESOURCE + " held each time");
        a.go();
        a.awaitWrite();
        return token;
    }

    private static long charge(Stage stage, Worker worker, int cents) {
        stage.owe(CUSTOMER, cents);
        worker.tell("charge " + CUSTOMER);
        long token = worker.awaitToken(CUSTOMER).facts().number("token");
        worker.awaitWrite();
        return token;
    }

    private static void showCounters(Story story, List<OptionalLong> counters) {
        List<String> shown = Counters.shown(counters);
        Instant now = Instant.now();
        for (int i = 0; i < shown.size(); i++) {
            String text = i > 0 ? "" : "the token counters of nodes 1 to 5 now stand at " + String.join(", ", shown);
            story.tell(
                    now, Stage.lane(i + 1), Mark.NOTE, counters.get(i).isPresent() ? "at " + shown.get(i) : "", text);
        }
    }

    private static void report(Findings findings, Tokens ours, Tokens rule) {
        findings.fact("resource", RESOURCE);
        findings.fact("tokens", List.of(ours.held(), ours.before(), ours.after()));
        findings.fact("maximumOfIncr", List.of(rule.before(), rule.after()));
        findings.check("contention drove node 1's counter to " + AHEAD + " or more", ours.before() > AHEAD);
        findings.check(
                "both rules hand out the same token while node 1 lives: " + ours.before(),
                ours.before() == rule.before());
        findings.check(
                "with node 1 dead, maximum of INCR falls from " + rule.before() + " to " + rule.after(),
                rule.after() < rule.before());
        findings.check(
                "the token of this library grows from " + ours.before() + " to " + ours.after(),
                ours.before() > ours.held() && ours.after() > ours.before());
    }

    /** What a guard makes of tokens that fall: it refuses the live holder, and goes on admitting the dead one. */
    private static void reportGuard(Stage stage, Findings findings, long before, long after) {
        String resource = "max-of-incr/" + RESOURCE;
        stage.guard().write(FencingToken.of(resource, before), handle -> {});
        try {
            stage.guard().write(FencingToken.of(resource, after), handle -> {});
            findings.check("a guard refuses the live holder when tokens fall", false);
        } catch (StaleTokenException e) {
            findings.fact("guardOnFallingTokens", String.valueOf(e.getMessage()));
            findings.check("a guard refuses the live holder when tokens fall", true);
        }
    }

    private static List<String> columns() {
        return List.of("when", "node 1", "node 2", "node 3", "node 4", "node 5", "token", "maximum of INCR");
    }

    private static List<String> row(String when, List<OptionalLong> counters, String token, String rule) {
        List<String> cells = new ArrayList<>(List.of(when));
        cells.addAll(Counters.shown(counters));
        cells.add(token);
        cells.add(rule);
        return cells;
    }
}
