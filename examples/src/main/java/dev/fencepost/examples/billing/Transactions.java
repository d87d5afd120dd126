package dev.fencepost.examples.billing;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.StaleTokenException;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;

/** How the worker runs a transaction. The two ways are all that a worker with the guard and a worker without it differ in. */
@FunctionalInterface
public interface Transactions {
    /**
     * Runs the work in a transaction of its own and commits.
     *
     * @param token of the lease that the work belongs to
     * @throws StaleTokenException if there is a guard and it refuses the token; the work has not run
     */
    <T> T run(FencingToken token, HandleCallback<T, RuntimeException> work);

    /** Every transaction claims the token first, and one whose token is stale is refused. */
    static Transactions guarded(FenceGuard guard) {
        return guard::writeReturning;
    }

    /** Plain transactions. The token is not looked at: whoever believes to hold the lock writes. */
    static Transactions unguarded(Jdbi jdbi) {
        return new Transactions() {
            @Override
            public <T> T run(FencingToken token, HandleCallback<T, RuntimeException> work) {
                return jdbi.inTransaction(work);
            }
        };
    }
}
