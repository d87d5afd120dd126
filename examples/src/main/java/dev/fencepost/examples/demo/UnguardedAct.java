package dev.fencepost.examples.demo;

import dev.fencepost.examples.billing.Protection;
import dev.fencepost.examples.billing.WorkerEvent.Kind;
import dev.fencepost.examples.story.Findings;
import dev.fencepost.examples.story.Heading;
import dev.fencepost.examples.story.Story;
import java.util.List;

/** A correct lock, used as carefully as can be, and no guard: the loss that everything else is about. */
final class UnguardedAct implements Act {
    private static final String CUSTOMER = "1";

    @Override
    public Heading heading() {
        return new Heading(
                "without-a-guard",
                "Without a guard, a customer is charged twice",
                "Worker A locks the customer, reads the open invoices, sees that its lease is held, and is stopped before it writes. Its lease"
                        + " runs out. Worker B gets the lock, as it should, and charges. A wakes up and charges again: the lock was right"
                        + " all the time, and nobody asked it at the moment that counts.");
    }

    @Override
    public List<String> lanes() {
        return LateWriter.LANES;
    }

    @Override
    public void play(Stage stage, Story story, Findings findings) {
        LateWriter seen = LateWriter.play(stage, story, Protection.LOCK_ONLY, CUSTOMER);

        seen.report(stage, findings, CUSTOMER);
        findings.check("A's late write went through", seen.late().kind() == Kind.CHARGED);
        findings.check("every invoice was charged twice", seen.everyInvoiceWasCharged(2));
    }
}
