package dev.fencepost.examples.ledger;

import dev.fencepost.FencepostException;
import dev.fencepost.FencingToken;
import dev.fencepost.LeaseLostException;
import dev.fencepost.LockClient;
import dev.fencepost.MultiLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;

/**
 * Moves money between accounts. Any number of processes may do so at once: each takes both accounts for as long as it works on a transfer.
 *
 * <p>A transfer is two transactions with room for something slow between them (in life: a limit, a fraud check, somebody who approves), so no database lock is
 * held meanwhile. The first one claims the tokens of both accounts before it reads: from then on no older holder can write, and what was read stays true until this holder
 * writes. Money that could be moved by one statement, without a decision in between, would need no lock.
 *
 * <p>Transfers are delivered at least once, and posted once: whether one is in the books already is read under the same claims as the balances.
 */
public final class Ledger {
    private final String worker;
    private final LockClient locks;
    private final Transactions transactions;
    private final Watcher watcher;

    /** Posts in the name of a worker, which is written into the books. */
    public Ledger(String worker, LockClient locks, Transactions transactions, Watcher watcher) {
        this.worker = worker;
        this.locks = locks;
        this.transactions = transactions;
        this.watcher = watcher;
    }

    /** What is locked for an account. */
    public static String resource(int account) {
        return "account/" + account;
    }

    /**
     * Carries out a transfer, or finds that it is carried out already. Tries again with new leases after every failure that may pass, also after a commit whose
     * answer was lost.
     *
     * @param patience for how long to begin new tries
     * @return how it was decided, now or before
     * @throws FencepostException the last failure, when patience is over, or another try could not help; the transfer may then be delivered again
     * @throws JdbiException what the database said, as the other one
     */
    public Receipt transfer(Transfer transfer, Duration patience) {
        long startNanos = System.nanoTime();
        List<String> accounts = List.of(resource(transfer.debit()), resource(transfer.credit()));
        while (true) {
            Duration left = patience.minusNanos(System.nanoTime() - startNanos);
            try (MultiLease leases = locks.acquireAll(accounts, left)) {
                return transferUnder(leases, transfer);
            } catch (FencepostException | JdbiException e) {
                if (left.isNegative() || !Setbacks.mayPass(e)) {
                    throw e;
                }
                watcher.setBack(transfer, e);
            }
        }
    }

    private Receipt transferUnder(MultiLease leases, Transfer transfer) {
        List<FencingToken> tokens = leases.tokens();
        Books.Page page = transactions.run(tokens, handle -> Books.read(handle, transfer));
        Optional<Receipt.Outcome> decided = page.decided();
        if (decided.isPresent()) {
            return new Receipt(decided.get(), true);
        }
        Decision decision = Decision.on(transfer, page.balances());

        // Worth asking, since it saves a write that would be refused. It is no protection: the process may be stopped
        // on
        // any line below, for longer than what is left of the leases, and go on as if nothing had happened.
        if (!leases.isHeld()) {
            throw new LeaseLostException(tokens.get(0), "it ran out while the balances were read");
        }
        watcher.aboutToWrite(transfer, leases);

        Books.Entry entry = new Books.Entry(transfer, decision, worker);
        return transactions.run(tokens, handle -> {
            Books.write(handle, entry, leases);
            return new Receipt(decision.outcome(), false);
        });
    }
}
