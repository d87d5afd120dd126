package dev.fencepost.chaos.work;

/** Where a worker can be stopped on purpose: the places between two steps that must not be far apart in a naive program. */
public enum Point {
    /** The last grant of a quorum has come, and the client does not know it yet. */
    AFTER_LAST_GRANT,
    /** A counter is about to be raised to the token. */
    BEFORE_CONFIRM,
    /** The lease is there, and the transaction is about to begin. */
    BEFORE_CLAIM,
    /** The token is claimed, and nothing is read yet. */
    BETWEEN_CLAIM_AND_READ,
    /** What is to be changed is read, and nothing is written yet. */
    BETWEEN_READ_AND_WRITE,
    /** Everything is written, and nothing is committed yet. */
    BETWEEN_WRITE_AND_COMMIT
}
