package dev.fencepost.jdbc.internal;

import dev.fencepost.FencepostException;
import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.IllegalTransactionStateException;
import dev.fencepost.jdbc.OnceResult;
import dev.fencepost.jdbc.StaleTokenException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction of the guard's own: begin, claim, work, commit.
 *
 * @param <T> what the work returns
 * @param <X> what the work may throw
 */
public final class GuardedTransaction<T, X extends Exception> {
    private static final Logger log = LoggerFactory.getLogger(GuardedTransaction.class);
    private static final String COMMIT = SqlFiles.read("commit.sql");

    private final FencingToken token;
    private final ClaimMode mode;
    private final HandleCallback<T, X> work;

    private boolean opened;
    private @Nullable OnceResult<T> committed;

    private GuardedTransaction(FencingToken token, ClaimMode mode, HandleCallback<T, X> work) {
        this.token = Objects.requireNonNull(token, "token");
        this.mode = mode;
        this.work = Objects.requireNonNull(work, "work");
    }

    /**
     * Runs the work in a transaction of its own, after a claim.
     *
     * @param jdbi where to get a handle
     * @param token what claims
     * @param mode how often the token may write
     * @param work what to do once the claim is admitted
     * @param <T> what the work returns
     * @param <X> what the work may throw
     * @return what became of it; it is committed
     * @throws X what the work threw; it is rolled back
     */
    public static <T, X extends Exception> OnceResult<T> run(
            Jdbi jdbi, FencingToken token, ClaimMode mode, HandleCallback<T, X> work) throws X {
        return new GuardedTransaction<>(token, mode, work).run(jdbi);
    }

    private OnceResult<T> run(Jdbi jdbi) throws X {
        try {
            // Not jdbi.open(): this way a handle that the thread is using already is seen, instead of a second one
            // waiting for it.
            return jdbi.<OnceResult<T>, X>withHandle(handle -> {
                opened = true;
                return transact(handle);
            });
        } catch (RuntimeException e) {
            if (committed != null) {
                // An exception would say that the write failed.
                log.warn("the write under {} is committed, but its handle could not be closed", token, e);
                return committed;
            }
            if (!opened && e instanceof ConnectionException) {
                throw Failures.ofSettingUp("no connection could be had to write under " + token, e);
            }
            throw e;
        }
    }

    private OnceResult<T> transact(Handle handle) throws X {
        requireNoTransaction(handle);
        handle.begin();
        try {
            ClaimReply reply = ClaimStatement.claim(handle.getConnection(), token, mode);
            if (reply instanceof ClaimReply.Refused refused) {
                throw new StaleTokenException(token, refused.lastToken());
            }
            ClaimReply.Admitted admitted = (ClaimReply.Admitted) reply;
            if (mode == ClaimMode.ONCE && admitted.how() == ClaimReply.How.CURRENT) {
                handle.rollback();
                return new OnceResult.AlreadyApplied<>();
            }
            OnceResult<T> result = new OnceResult.First<>(Objects.requireNonNull(
                    work.withHandle(handle), "the work must return a value: there is a form for work without one"));
            commit(handle, new OpenClaim(token, mode, admitted.transactionId()));
            committed = result;
            settle(handle);
            return result;
        } catch (Throwable thrown) {
            rollBack(handle, thrown);
            if (!(thrown instanceof FencepostException)) {
                rethrowKnown(thrown);
            }
            throw thrown;
        }
    }

    private void rethrowKnown(Throwable thrown) {
        if (SqlFailure.CONFLICT.in(thrown).isPresent()) {
            throw Failures.conflict(token, thrown);
        }
        Failures.unclaimed(thrown).ifPresent(refusal -> {
            throw refusal;
        });
    }

    private void requireNoTransaction(Handle handle) {
        if (handle.isInTransaction()) {
            throw new IllegalTransactionStateException(
                    "write and writeOnce begin a transaction of their own, but for " + token
                            + " the connection has auto-commit off, so it is inside one already. Inside a transaction of yours, call"
                            + " claim(handle, token) first and write then; otherwise give the guard connections with auto-commit"
                            + " on");
        }
    }

    /** Commits on condition that the transaction is still the one that claimed. */
    private void commit(Handle handle, OpenClaim claim) {
        try {
            Connection connection = handle.getConnection();
            if (handle.isClosed() || connection.isClosed() || connection.getAutoCommit()) {
                throw Failures.endedByWork(token);
            }
            try (PreparedStatement statement = connection.prepareStatement(COMMIT)) {
                statement.setString(1, claim.transactionId());
                statement.execute();
            }
        } catch (SQLException e) {
            throw Failures.ofCommit(claim, e);
        }
    }

    /** The server has committed; this tells the driver's and Jdbi's books, and runs what the work left for after the commit. */
    private void settle(Handle handle) {
        try {
            handle.commit();
        } catch (RuntimeException e) {
            log.warn("the write under {} is committed, but something that was to follow the commit failed", token, e);
        }
    }

    private static void rollBack(Handle handle, Throwable thrown) {
        try {
            if (!handle.isClosed() && handle.isInTransaction()) {
                handle.rollback();
            }
        } catch (RuntimeException e) {
            // The connection is gone, and the server rolls back by itself.
            thrown.addSuppressed(e);
        }
    }
}
