package dev.fencepost.jdbc;

/** What became of a write that a token is allowed once. A stale token is neither of these: it is a {@link StaleTokenException}. */
public enum Once {
    /** This is the first time: the work belongs to this transaction. */
    FIRST,
    /**
     * An earlier write-once transaction under the same token was committed, so this one does nothing: what is repeated here is
     * applied already.
     */
    ALREADY_APPLIED
}
