package dev.fencepost.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins a transaction in the message that carries its first statements.
 *
 * <p>The driver, left to itself, sends a message of its own ahead of them, and the server an answer of its own: that wakes the client twice. So the connection is told for that moment that it is in no
 * transaction, and the statements begin with {@code BEGIN}. After them it is told that it is in one, and finds that it is.
 */
final class Begin {
    private static final Logger log = LoggerFactory.getLogger(Begin.class);
    private static final String STATEMENT = "BEGIN;\n";

    /** Statements that are sent to the server. */
    @FunctionalInterface
    interface Sending<T> {
        /** Sends them and reads the answer. */
        T send() throws SQLException;
    }

    private Begin() {}

    /** Whether the handle's transaction is one that nothing but {@code BEGIN} begins; only then may that be done here. */
    static boolean isPlain(Jdbi jdbi, Handle handle) throws SQLException {
        return jdbi.getTransactionHandler() instanceof LocalTransactionHandler
                && !handle.getConnection().isReadOnly();
    }

    /** The statements, with the begin before them. */
    static String before(String statements) {
        return STATEMENT + statements;
    }

    /**
     * Sends statements that begin their transaction, on a connection that has auto-commit off and has sent nothing since its last transaction. It has auto-commit off again afterwards, also when they
     * fail: what is left of the transaction is rolled back as any other.
     *
     * @throws SQLException what the statements threw; or that the connection is closed, and nothing was sent
     */
    static <T> T with(Connection connection, Sending<T> statements) throws SQLException {
        // Nothing is open, so that neither this nor what undoes it sends anything.
        connection.setAutoCommit(true);
        try {
            return statements.send();
        } finally {
            turnAutoCommitOff(connection);
        }
    }

    /** A connection that cannot be told has lost its server, or is made to: what was sent may be committed already, and an exception would deny it. */
    private static void turnAutoCommitOff(Connection connection) {
        try {
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            log.warn("a connection could not be told of its transaction, and is given up", e);
            try {
                connection.abort(Runnable::run);
            } catch (SQLException again) {
                log.warn("nor could it be given up", again);
            }
        }
    }
}
