package dev.fencepost.examples.demo;

import dev.fencepost.examples.billing.Billing;
import dev.fencepost.examples.billing.Invoices;
import dev.fencepost.examples.billing.Payment;
import dev.fencepost.examples.billing.Protection;
import dev.fencepost.examples.billing.WorkerEvent;
import dev.fencepost.examples.story.Findings;
import dev.fencepost.examples.story.Story;
import dev.fencepost.examples.story.Table;
import dev.fencepost.examples.story.Timeline.Mark;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What acts one and two have in common: worker A is stopped beyond its lease, right before it writes; worker B takes over and finishes; A
 * wakes up and writes.
 *
 * <p>Nothing here depends on timing. A says that it is about to write and waits to be told to go on; the word is sent while A is stopped, so
 * that it finds it on waking up. That the lease is over is seen from B, who gets the lock.
 *
 * @param late how A's write ended
 * @param firstToken the token of A
 * @param secondToken the token of B
 * @param exclusive whether B got the lock only after A's lease had run out
 * @param payments what the customer was charged
 */
record LateWriter(WorkerEvent late, long firstToken, long secondToken, boolean exclusive, List<Payment> payments) {
    static final String STORE = "PostgreSQL";
    static final List<String> LANES = List.of(Worker.lane("A"), Worker.lane("B"), STORE);

    private static final int[] CENTS = {1_900, 4_500, 250};

    static LateWriter play(Stage stage, Story story, Protection protection, String customer) {
        stage.owe(customer, CENTS);
        try (Stage.Cast cast = stage.cast(story, protection, Stage.LEASE, "A", "B")) {
            Worker a = cast.get("A");
            Worker b = cast.get("B");

            a.tell("stepwise " + customer);
            WorkerEvent first = a.awaitToken(customer);
            a.awaitAboutToWrite();
            a.pause();

            b.tell("charge " + customer);
            Instant leaseEnd = a.tellThatLeaseRanOut();
            WorkerEvent second = b.awaitToken(customer);
            b.awaitAboutToWrite();
            showStore(stage, story, protection, customer, b.awaitWrite().at());

            a.resumeIntoWrite();
            WorkerEvent late = a.awaitWrite();
            showStore(stage, story, protection, customer, late.at());
            return new LateWriter(
                    late,
                    first.facts().number("token"),
                    second.facts().number("token"),
                    second.at().isAfter(leaseEnd),
                    stage.payments(customer));
        }
    }

    /** What the two acts find alike. */
    void report(Stage stage, Findings findings, String customer) {
        findings.fact("resource", Billing.resource(customer));
        findings.fact("tokens", Map.of("A", firstToken, "B", secondToken));
        findings.fact("timesCharged", Invoices.timesCharged(payments));
        findings.fact("centsOwed", Arrays.stream(CENTS).sum());
        findings.fact("centsCharged", payments.stream().mapToInt(Payment::cents).sum());
        findings.fact("openInvoices", stage.openInvoices(customer));
        findings.table(paymentLog(customer, payments));
        findings.check(
                "B got the lock only after A's lease had run out, with a larger token",
                exclusive && secondToken > firstToken);
    }

    /** Whether every invoice was charged that often. */
    boolean everyInvoiceWasCharged(long times) {
        Collection<Long> counts = Invoices.timesCharged(payments).values();
        return counts.size() == CENTS.length && counts.stream().allMatch(count -> count == times);
    }

    /** The rows of the payment log of one customer. */
    static Table paymentLog(String customer, List<Payment> payments) {
        return new Table(
                "payment_log of " + Billing.resource(customer),
                List.of("id", "invoice", "cents", "worker", "token", ""),
                rows(payments));
    }

    private static List<List<String>> rows(List<Payment> payments) {
        Set<Long> charged = new HashSet<>();
        return payments.stream()
                .map(payment -> List.of(
                        Long.toString(payment.id()),
                        Long.toString(payment.invoice()),
                        Integer.toString(payment.cents()),
                        payment.worker(),
                        Long.toString(payment.token()),
                        charged.add(payment.invoice()) ? "" : "charged again"))
                .toList();
    }

    private static void showStore(Stage stage, Story story, Protection protection, String customer, Instant at) {
        String label = protection == Protection.GUARD
                ? "last_token " + stage.lastToken(Billing.resource(customer))
                : stage.payments(customer).size() + " payments";
        story.tell(at, STORE, Mark.NOTE, label, "");
    }
}
