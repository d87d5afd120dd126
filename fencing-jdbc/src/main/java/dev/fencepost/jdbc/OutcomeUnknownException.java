package dev.fencepost.jdbc;

import dev.fencepost.FencepostException;
import java.util.Optional;

/**
 * The connection was lost after the commit was sent and before it was answered: the write is either applied as a whole or not at all, and nobody
 * on this side knows which.
 *
 * <p>Out of a write-once call the advice is {@link FencepostException.Advice#RETRY_LATER RETRY_LATER}: repeat the call with the same token; it
 * is told that the write is already applied, or applies it now. Out of any other write it is {@link FencepostException.Advice#STOP
 * STOP}: a repeated write might be applied twice, so look at the data first, or ask PostgreSQL for {@code
 * pg_xact_status} of {@link #transactionId()}.
 */
public final class OutcomeUnknownException extends FencepostException {
    private static final long serialVersionUID = 1L;

    /** PostgreSQL's number of the transaction; empty when it is not known. */
    private final String transactionId;

    private OutcomeUnknownException(Advice advice, String message, Optional<String> transactionId, Throwable cause) {
        super(advice, message, cause);
        this.transactionId = transactionId.orElse("");
    }

    /**
     * Out of a write that a token is allowed once.
     *
     * @param token the token of the write, or its tokens, for people
     * @param transactionId PostgreSQL's number of the transaction, if it was told
     * @param cause how the commit failed
     * @return the exception, which advises to repeat
     */
    public static OutcomeUnknownException ofWriteOnce(String token, Optional<String> transactionId, Throwable cause) {
        return new OutcomeUnknownException(
                Advice.RETRY_LATER,
                what(token, transactionId)
                        + "Repeat writeOnce with the same token: it is told already applied, or applies it now",
                transactionId,
                cause);
    }

    /**
     * Out of a write that a token is allowed many times.
     *
     * @param token the token of the write, or its tokens, for people
     * @param transactionId PostgreSQL's number of the transaction, if it was told
     * @param cause how the commit failed
     * @return the exception, which advises to stop
     */
    public static OutcomeUnknownException ofWrite(String token, Optional<String> transactionId, Throwable cause) {
        return new OutcomeUnknownException(
                Advice.STOP,
                what(token, transactionId) + "Repeating it could apply it twice: see first whether it is there"
                        + transactionId
                                .map(id -> ", with SELECT pg_xact_status('" + id + "')")
                                .orElse(""),
                transactionId,
                cause);
    }

    private static String what(String token, Optional<String> transactionId) {
        return "the answer to the commit of "
                + transactionId.map(id -> "transaction " + id).orElse("the transaction") + " under token " + token
                + " was lost: its write is applied as a whole or not at all. ";
    }

    /**
     * PostgreSQL's number of the transaction ({@code xid8}), for {@code pg_xact_status}.
     *
     * @return the number in decimal; empty when claim, write and commit were sent together ({@link FenceGuard#sql()}), and no answer came
     */
    public Optional<String> transactionId() {
        return Optional.of(transactionId).filter(id -> !id.isEmpty());
    }
}
