package dev.fencepost.internal;

/** What {@link TokenModel} may withhold from the {@link Ballot}, or do wrong on a node, to take one part out of the rule. */
enum Lie {
    /** None: the rule as it is. */
    NONE,
    /** An attempt counts as complete as soon as there is a token, and nobody asks whether a quorum has confirmed it. */
    NO_CONFIRM,
    /** A node raises its counter without looking whether the attempt still holds the lock there. */
    BLIND_RAISE,
    /** A late grant larger than the token is shown to the ballot as if it were the token. */
    LATE_LARGER_GRANT_COUNTS,
    /** The token is the q-th largest of all grants, which saves raising: larger grants are shown to the ballot as if they were that one. */
    ORDER_STATISTIC,
    /** The tokens of an attempt are the one that is confirmed and those above it. */
    TOKENS_UPWARD,
    /** A node adds one to its counter, however many tokens an attempt wants. */
    NARROW_GRANT
}
