package dev.fencepost.internal;

/** What may happen beside the least that the rule needs; each costs states. */
enum Freedom {
    /** An attempt may be given up when its token is fixed; its release then lifts counters to a token that nobody has. */
    GIVING_UP,
    /** Each attempt may repeat a grant once. */
    RETRIES,
    /** A lock may expire before anybody else is granted it. */
    EARLY_EXPIRY,
    /** Any of several nodes that start alike may be the first to be used. */
    NODES_IN_ANY_ORDER
}
