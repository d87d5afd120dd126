package dev.fencepost.internal;

/** What must hold of every token of an attempt that completes. */
enum Invariant {
    /** No other complete attempt has it. */
    UNIQUE,
    /** Each is larger than every token that was complete when the attempt began. */
    CALL_ORDER,
    /** Where two complete attempts count the same node, the one that held it first has the smaller tokens. */
    HOLD_ORDER,
    /** On a quorum of nodes the attempt's own grant began no later than at the token, and the counter reached the token while it held the lock. */
    COVERAGE
}
