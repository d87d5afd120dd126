package dev.fencepost.jdbc;

import dev.fencepost.FencepostException;

/**
 * The database could not be reached, or ended the connection, before anything was sent for commit. Nothing was written; the same call may be
 * repeated with the same token.
 */
public final class StoreUnavailableException extends FencepostException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, to which token, and what to do
     * @param cause what the database or its driver said
     */
    public StoreUnavailableException(String message, Throwable cause) {
        super(Advice.RETRY_LATER, message, cause);
    }
}
