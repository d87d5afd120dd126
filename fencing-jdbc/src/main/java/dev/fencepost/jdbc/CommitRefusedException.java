package dev.fencepost.jdbc;

import dev.fencepost.FencepostException;

/**
 * The database refused to commit what the work had written, for instance because of a deferred constraint. All of it is rolled back, the
 * claim too; the cause says what was wrong with it.
 */
public final class CommitRefusedException extends FencepostException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was refused
     * @param cause what the database said
     */
    public CommitRefusedException(String message, Throwable cause) {
        super(Advice.STOP, message, cause);
    }
}
