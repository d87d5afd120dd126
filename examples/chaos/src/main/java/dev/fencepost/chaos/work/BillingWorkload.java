package dev.fencepost.chaos.work;

import dev.fencepost.FencingToken;
import dev.fencepost.chaos.history.WriteFact.Kind;
import java.util.List;
import java.util.Optional;

/** Charges open invoices, each once, and tries again with the same token when nobody knows whether a charge was committed. */
final class BillingWorkload implements Workload {
    private static final int CUSTOMERS = 3;
    private static final int ATTEMPTS = 6;

    private final Tools tools;

    BillingWorkload(Tools tools) {
        this.tools = tools;
    }

    @Override
    public void cycle() {
        String customer = "customer/" + tools.random().nextInt(CUSTOMERS);
        tools.store()
                .jdbi()
                .useHandle(handle -> Tables.addInvoice(
                        handle, customer, tools.store().writes().nextId()));
        try (RecordedLease lease = tools.leases().acquire(customer, WAIT)) {
            List<FencingToken> tokens = lease.tokens();
            tools.points().reach(Point.BEFORE_CLAIM);
            Optional<String> open = tools.store().guarding().read(tokens, handle -> {
                tools.points().reach(Point.BETWEEN_CLAIM_AND_READ);
                return Tables.openInvoice(handle, customer);
            });
            tools.points().reach(Point.BETWEEN_READ_AND_WRITE);
            open.ifPresent(invoice -> charge(tokens, invoice));
        }
    }

    private void charge(List<FencingToken> tokens, String invoice) {
        String id = tools.store().writes().nextId();
        tools.store()
                .writes()
                .runAgain(
                        Kind.CHARGE,
                        tokens,
                        id,
                        ATTEMPTS,
                        () -> tools.store().guarding().writeOnce(tokens.get(0), handle -> {
                            Tables.charge(handle, invoice, id);
                            Tables.audit(handle, tokens, id);
                            tools.points().reach(Point.BETWEEN_WRITE_AND_COMMIT);
                        }));
    }
}
