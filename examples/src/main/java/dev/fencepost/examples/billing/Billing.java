package dev.fencepost.examples.billing;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LeaseLostException;
import dev.fencepost.LockClient;
import dev.fencepost.LockTimeoutException;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.jdbc.StaleTokenException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Charges customers what they owe. Any number of processes may do so at once: each takes {@code customer/<id>} for as long as it
 * works on that customer.
 *
 * <p>A charge is two transactions with room for something slow between them (in life: the call to a payment provider), so no
 * database lock is held meanwhile. Both run under the token of the lease. The first one claims the token before it reads: from then on
 * no older holder can write, and what was read stays true until this holder writes.
 */
public final class Billing {
    private final String worker;
    private final LockClient locks;
    private final Transactions transactions;
    private final Progress progress;

    /** Charges in the name of a worker, which is written into the payment log. */
    public Billing(String worker, LockClient locks, Transactions transactions, Progress progress) {
        this.worker = worker;
        this.locks = locks;
        this.transactions = transactions;
        this.progress = progress;
    }

    /** What is locked for a customer. */
    public static String resource(String customer) {
        return "customer/" + customer;
    }

    /**
     * Charges a customer, waiting for whoever is charging the same one.
     *
     * @return what was charged; empty when nothing was owed
     * @throws LockTimeoutException if somebody else held the customer for the whole wait
     * @throws QuorumUnavailableException if too few Redis nodes answered
     * @throws StaleTokenException if a later holder came first; nothing was charged here
     * @throws LeaseLostException if the lease ran out before anything was written
     */
    public List<Invoice> charge(String customer, Duration maxWait) {
        try (Lease lease = locks.acquire(resource(customer), maxWait)) {
            return chargeUnder(lease, customer);
        }
    }

    /**
     * Charges a customer unless somebody else is doing so. It is for those who ask again: of several who ask at the same moment, none may get in.
     *
     * @return what was charged; no list at all when somebody else holds the customer, or tried at the same moment
     * @throws QuorumUnavailableException and the other exceptions of {@link #charge}
     */
    public Optional<List<Invoice>> chargeIfFree(String customer) {
        Optional<Lease> free = locks.tryAcquire(resource(customer));
        if (free.isEmpty()) {
            return Optional.empty();
        }
        try (Lease lease = free.get()) {
            return Optional.of(chargeUnder(lease, customer));
        }
    }

    private List<Invoice> chargeUnder(Lease lease, String customer) {
        FencingToken token = lease.token();
        progress.acquired(lease);
        List<Invoice> open = transactions.run(token, handle -> Invoices.open(handle, customer));

        // Worth asking, since it saves a charge that would be refused. It is no protection: the process may be stopped
        // on any line below,
        // for longer than what is left of the lease, and go on as if nothing had happened.
        if (!lease.isHeld()) {
            throw new LeaseLostException(token, "it ran out while the invoices were read");
        }
        progress.aboutToWrite(lease, open);

        transactions.run(token, handle -> {
            Invoices.charge(handle, open, worker, token.value());
            return open;
        });
        progress.charged(lease, open);
        return open;
    }
}
