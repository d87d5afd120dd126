package dev.fencepost.examples.billing;

import dev.fencepost.jdbc.FenceGuard;
import org.jdbi.v3.core.Jdbi;

/** Whether a worker writes under the guard. */
public enum Protection {
    /** The lock alone. */
    LOCK_ONLY {
        @Override
        Transactions over(Jdbi jdbi) {
            return Transactions.unguarded(jdbi);
        }
    },
    /** The lock, and a database that refuses stale tokens. */
    GUARD {
        @Override
        Transactions over(Jdbi jdbi) {
            return Transactions.guarded(FenceGuard.of(jdbi));
        }
    };

    abstract Transactions over(Jdbi jdbi);
}
