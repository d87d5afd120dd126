package dev.fencepost.examples.ledger;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.FenceGuard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;

/** How a ledger runs a transaction. The two ways are all that a ledger with the guard and a ledger without it differ in. */
@FunctionalInterface
public interface Transactions {
    /**
     * Runs the work in a transaction of its own and commits.
     *
     * @param tokens of the leases that the work belongs to
     * @throws dev.fencepost.jdbc.StaleTokenException if there is a guard and it refuses one of the tokens; the work has not run
     */
    <T> T run(Collection<FencingToken> tokens, HandleCallback<T, RuntimeException> work);

    /** Every transaction claims both accounts first, and one with a stale token is refused. */
    static Transactions guarded(FenceGuard guard) {
        return new Transactions() {
            @Override
            public <T> T run(Collection<FencingToken> tokens, HandleCallback<T, RuntimeException> work) {
                // The guard may run the work again after a lost race: the last run is the one that was committed.
                List<T> results = new ArrayList<>();
                guard.writeAll(tokens, handle -> results.add(work.withHandle(handle)));
                return results.get(results.size() - 1);
            }
        };
    }

    /** Plain transactions. The tokens are not looked at: whoever believes to hold the locks writes. */
    static Transactions unguarded(Jdbi jdbi) {
        return new Transactions() {
            @Override
            public <T> T run(Collection<FencingToken> tokens, HandleCallback<T, RuntimeException> work) {
                return jdbi.inTransaction(work);
            }
        };
    }
}
