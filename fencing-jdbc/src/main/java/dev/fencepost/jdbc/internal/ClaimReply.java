package dev.fencepost.jdbc.internal;

import dev.fencepost.FencingToken;

/** What the store answered to a claim. */
public sealed interface ClaimReply {
    /**
     * The resource is claimed for the token until the transaction ends.
     *
     * @param how whether the token had been used before
     * @param transactionId PostgreSQL's number of the transaction
     */
    record Admitted(How how, String transactionId) implements ClaimReply {}

    /**
     * The token is refused.
     *
     * @param lastToken what the store has admitted, without its owner
     */
    record Refused(FencingToken lastToken) implements ClaimReply {}

    /** Whether an admitted token had been used before. */
    enum How {
        /** No; in mode {@link ClaimMode#ONCE}: its one write has not been made. */
        CLAIMED,
        /** Yes; in mode {@link ClaimMode#ONCE}: its one write has been made, and nothing more is to be written. */
        CURRENT
    }
}
