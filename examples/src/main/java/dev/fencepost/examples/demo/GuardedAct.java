package dev.fencepost.examples.demo;

import dev.fencepost.examples.billing.Billing;
import dev.fencepost.examples.billing.Protection;
import dev.fencepost.examples.billing.WorkerEvent;
import dev.fencepost.examples.billing.WorkerEvent.Kind;
import dev.fencepost.examples.story.Findings;
import dev.fencepost.examples.story.Heading;
import dev.fencepost.examples.story.Story;
import java.util.List;
import java.util.Map;

/** The same workers, the same pause, and a database that refuses stale tokens. */
final class GuardedAct implements Act {
    private final Protection protection;
    private final String customer;

    GuardedAct() {
        this(Protection.GUARD, "2");
    }

    /** For the test that this act fails without the guard. */
    GuardedAct(Protection protection, String customer) {
        this.protection = protection;
        this.customer = customer;
    }

    @Override
    public Heading heading() {
        return new Heading(
                "with-the-guard",
                "With the guard, the late write is refused",
                "The same story, but every transaction first claims the token of its lease. B's larger token has claimed the customer by the"
                        + " time A wakes up. So the database refuses A, names both tokens, and writes nothing of A's.");
    }

    @Override
    public List<String> lanes() {
        return LateWriter.LANES;
    }

    @Override
    public void play(Stage stage, Story story, Findings findings) {
        LateWriter seen = LateWriter.play(stage, story, protection, customer);

        seen.report(stage, findings, customer);
        findings.check("A's late write was refused", seen.late().kind() == Kind.REFUSED);
        if (seen.late().kind() == Kind.REFUSED) {
            reportRefusal(seen, findings);
        }
        findings.check("every invoice was charged exactly once", seen.everyInvoiceWasCharged(1));
        findings.check("no invoice is left open", stage.openInvoices(customer) == 0);
    }

    private void reportRefusal(LateWriter seen, Findings findings) {
        WorkerEvent refusal = seen.late();
        long token = refusal.facts().number("token");
        long lastToken = refusal.facts().number("lastToken");
        String message = refusal.facts().text("message");
        String resource = Billing.resource(customer);
        findings.fact("refused", Map.of("token", token, "lastToken", lastToken, "message", message));
        findings.check(
                "the refusal names both tokens",
                token == seen.firstToken()
                        && lastToken == seen.secondToken()
                        && message.contains(resource + "#" + token)
                        && message.contains(resource + "#" + lastToken));
    }
}
