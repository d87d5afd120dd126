package dev.fencepost.internal;

/** What must hold of every token whose acquisition completes. */
enum Invariant {
    /** No other complete attempt has the same token. */
    UNIQUE,
    /** The token is larger than every token that was complete when the attempt began. */
    CALL_ORDER,
    /** Where two complete attempts count the same node, the one that held it first has the smaller token. */
    HOLD_ORDER,
    /** On a quorum of nodes the attempt's own grant was no larger than the token, and the counter reached the token while it held the lock. */
    COVERAGE
}
