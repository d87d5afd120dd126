package dev.fencepost.jdbc;

import dev.fencepost.FencepostException;

/**
 * The transaction lost a race against another one and was rolled back: a serialization failure (SQLSTATE 40001), a deadlock (40P01), or
 * a lock that did not come in time (55P03). It says nothing about the token, and nothing was written. The same call may be
 * repeated with the same token: it claims again, and is refused then if the token has become stale.
 *
 * <p>Thrown out of a {@code claim} in a transaction of the caller, it means that the caller has to roll back and start that transaction again.
 */
public final class TransactionConflictException extends FencepostException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, to which token, and what to do
     * @param cause what the database or its driver said
     */
    public TransactionConflictException(String message, Throwable cause) {
        super(Advice.RETRY_LATER, message, cause);
    }
}
