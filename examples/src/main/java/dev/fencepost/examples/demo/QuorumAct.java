package dev.fencepost.examples.demo;

import dev.fencepost.examples.billing.Billing;
import dev.fencepost.examples.billing.Invoices;
import dev.fencepost.examples.billing.Protection;
import dev.fencepost.examples.billing.WorkerEvent;
import dev.fencepost.examples.billing.WorkerEvent.Kind;
import dev.fencepost.examples.story.Findings;
import dev.fencepost.examples.story.Heading;
import dev.fencepost.examples.story.Story;
import dev.fencepost.examples.story.Table;
import dev.fencepost.examples.story.Timeline.Mark;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Nodes die while a stale holder sleeps: two cost nothing, three cost availability, and none of it costs safety. */
final class QuorumAct implements Act {
    private static final String CUSTOMER = "4";
    private static final String OTHER = "5";

    @Override
    public Heading heading() {
        return new Heading(
                "quorum-lost-and-regained",
                "Nodes die: first nothing stops, then only new locks do",
                "Worker A is stopped while it holds the customer. Two of the five nodes are killed; B gets the lock from the other three. A third one is"
                        + " killed. Now nobody can lock anything, and the refusal says why for each node. Writes need no quorum: B's is admitted and A's late one"
                        + " refused, by the database alone. The nodes come back with their data, and work goes on.");
    }

    @Override
    public List<String> lanes() {
        return List.of(
                Worker.lane("A"), Worker.lane("B"), Stage.lane(3), Stage.lane(4), Stage.lane(5), LateWriter.STORE);
    }

    @Override
    public void play(Stage stage, Story story, Findings findings) {
        stage.owe(CUSTOMER, 1_200, 3_400);
        stage.owe(OTHER, 5_600);
        try (Stage.Cast cast = stage.cast(story, Protection.GUARD, Stage.LEASE, "A", "B")) {
            Worker a = cast.get("A");
            Worker b = cast.get("B");

            a.tell("stepwise " + CUSTOMER);
            long first = a.awaitToken(CUSTOMER).facts().number("token");
            a.awaitAboutToWrite();
            a.pause();

            stage.kill(story, 4, 5);
            b.tell("stepwise " + CUSTOMER);
            a.tellThatLeaseRanOut();
            long second = b.awaitToken(CUSTOMER).facts().number("token");
            b.awaitAboutToWrite();
            findings.check("with two of five nodes dead, work goes on: token " + second, second > first);

            stage.kill(story, 3);
            writeWithoutAQuorum(stage, story, findings, a, b);
            loseTheQuorum(story, findings, b);

            stage.restart(story, 3, 4, 5);
            goOn(stage, findings, b);
            findings.fact("resource", Billing.resource(CUSTOMER));
            findings.fact("tokens", Map.of("A", first, "B", second));
        }
    }

    /** B holds the lock, A did; three nodes are dead. */
    private static void writeWithoutAQuorum(Stage stage, Story story, Findings findings, Worker a, Worker b) {
        b.go();
        WorkerEvent written = b.awaitWrite();
        showStore(stage, story, written.at());
        a.resumeIntoWrite();
        WorkerEvent late = a.awaitWrite();
        showStore(stage, story, late.at());
        findings.table(LateWriter.paymentLog(CUSTOMER, stage.payments(CUSTOMER)));
        findings.check("with three dead, the holder's write is still admitted", written.kind() == Kind.CHARGED);
        findings.check("with three dead, the late write is still refused", late.kind() == Kind.REFUSED);
        findings.check("every invoice was charged exactly once", chargedOnce(stage, CUSTOMER, 2));
    }

    private static void loseTheQuorum(Story story, Findings findings, Worker b) {
        b.tell("poll " + OTHER + " 1");
        WorkerEvent refused = b.await(Kind.QUORUM_GONE);
        b.await(Kind.DONE);
        String message = refused.facts().text("message");
        Map<String, String> reasons = refused.facts().textsByName("reasons");
        story.tell(refused.at(), Worker.lane("B"), Mark.REFUSED, "no quorum", "cannot lock anything: " + message);
        findings.fact("quorumUnavailable", Map.of("message", message, "reasons", reasons));
        findings.table(new Table(
                "QuorumUnavailableException: why each node did not take part",
                List.of("node", "reason"),
                reasons.entrySet().stream()
                        .map(reason -> List.of(reason.getKey(), reason.getValue()))
                        .toList()));
        findings.check(
                "with three dead, acquisition says so, with a reason for each of the three", reasons.size() == 3);
    }

    private static void goOn(Stage stage, Findings findings, Worker b) {
        b.tell("charge " + OTHER);
        long token = b.awaitToken(OTHER).facts().number("token");
        b.awaitWrite();
        findings.check(
                "with the nodes back, work goes on: token " + token + " of " + Billing.resource(OTHER),
                chargedOnce(stage, OTHER, 1));
    }

    private static boolean chargedOnce(Stage stage, String customer, int invoices) {
        Map<Long, Long> times = Invoices.timesCharged(stage.payments(customer));
        return times.size() == invoices && times.values().stream().allMatch(count -> count == 1);
    }

    private static void showStore(Stage stage, Story story, Instant at) {
        String label = "last_token " + stage.lastToken(Billing.resource(CUSTOMER));
        story.tell(at, LateWriter.STORE, Mark.NOTE, label, "");
    }
}
