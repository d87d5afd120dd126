package dev.fencepost.jdbc;

import dev.fencepost.FencepostException;

/**
 * The guard was used in a transaction that cannot hold a claim: auto-commit is on where a transaction was to be open, or the other way round;
 * the transaction is read-only or has failed already; or the guarded work ended the transaction by itself. It is a mistake in the program
 * that calls; the message says what was found and what to do.
 */
public final class IllegalTransactionStateException extends FencepostException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was found, and what to do
     */
    public IllegalTransactionStateException(String message) {
        super(Advice.STOP, message);
    }

    /**
     * Creates the exception.
     *
     * @param message what was found, and what to do
     * @param cause what the database or its driver said
     */
    public IllegalTransactionStateException(String message, Throwable cause) {
        super(Advice.STOP, message, cause);
    }
}
