package dev.fencepost.jdbc;

import dev.fencepost.FencepostException;
import dev.fencepost.jdbc.internal.Failures;
import java.util.Optional;

/**
 * A protected table refused a write, because the transaction had not claimed the resource that the row belongs to. It is a mistake in the program: a
 * path that forgot the guard, or that claimed one resource and wrote a row of another. Nothing of the transaction is written.
 *
 * <p>The SQLSTATE of the cause is {@code FP002}; {@code FP003} if the row names no resource, and {@code FP004} for a {@code TRUNCATE}.
 */
public final class UnclaimedWriteException extends FencepostException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was refused, and what to do
     * @param cause what the database said
     */
    public UnclaimedWriteException(String message, Throwable cause) {
        super(Advice.STOP, message, cause);
    }

    /**
     * Finds the refusal in what other code threw: in a transaction that the guard has not begun, a write that a protected table refuses comes out as
     * whatever the framework makes of an {@link java.sql.SQLException}.
     *
     * @param thrown what was thrown
     * @return this refusal, if it is among the causes
     */
    public static Optional<UnclaimedWriteException> in(Throwable thrown) {
        return Failures.unclaimed(thrown);
    }
}
