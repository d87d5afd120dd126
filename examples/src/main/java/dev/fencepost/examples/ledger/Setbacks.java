package dev.fencepost.examples.ledger;

import dev.fencepost.AcquireInterruptedException;
import dev.fencepost.FencepostException;
import dev.fencepost.FencepostException.Advice;
import dev.fencepost.jdbc.OutcomeUnknownException;
import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionException;

/** Which failures of a transfer are worth another try, with new leases. */
final class Setbacks {
    private Setbacks() {}

    /**
     * A stale token, a lost lease or a quorum that is away pass with new leases. A commit whose answer was lost does so too, since a transfer has an id: the next
     * try reads whether it is in the books. So does a connection that broke. Everything else is a mistake, or the wish to stop, and is not tried again.
     */
    static boolean mayPass(RuntimeException failure) {
        if (failure instanceof AcquireInterruptedException) {
            return false;
        }
        if (failure instanceof FencepostException known) {
            return known.advice() != Advice.STOP || failure instanceof OutcomeUnknownException;
        }
        return failure instanceof ConnectionException || isBrokenConnection(failure);
    }

    private static boolean isBrokenConnection(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                // Class 08: connection exceptions. 57P: the server is shutting down, crashed, or starting.
                return sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P");
            }
        }
        return false;
    }
}
