package dev.fencepost.sim;

import java.util.EnumSet;
import java.util.Set;

/** What has to hold. */
enum Invariant {
    /** No two acquisitions have the same token. */
    UNIQUE,
    /** A token is larger than those of all acquisitions that were complete when its attempt began, and when it was called for. */
    CALL_ORDER,
    /** At a node that counted for two acquisitions, the one that held it first has the smaller token. */
    HOLD_ORDER,
    /** A quorum of nodes took no number beyond the token before it reached it, while this attempt held them: the first that each took there is no larger, and the last no smaller. */
    COVERAGE,
    /** A node's counter never falls. */
    COUNTERS_GROW,
    /** No lease is prolonged after somebody else had acquired the lock. */
    NO_REVIVAL,
    /** A lease ends by the time to live after the first send, less the drift, on the holder's own clock. */
    DEADLINE,
    /** Of two leases of a resource, no more than one is usable at a time. */
    EXCLUSION,
    /** Of the leases of one attempt, each has the token after that of the one before, which was closed first, and there are no more than the attempt took tokens. */
    SUCCESSION,
    /** A request touches no lock but that of its own owner. */
    OWN_LOCK_ONLY,
    /** On one connection, no grant takes effect after the release of its attempt. */
    RELEASE_LAST,
    /** A lease ends once, lost or released; who asked is told of a loss once and in time, and of nothing else. */
    LOSS_TOLD_ONCE,
    /** Every stage completes once, in time. */
    STAGES_COMPLETE,
    /** When faults have stopped, everybody gets the lock in bounded time. */
    LIVENESS,
    /** When all is quiet, no node holds a lock or has a watcher. */
    NOTHING_LEFT,
    /** What the store has acknowledged is still there. */
    NO_LOST_UPDATE,
    /** Nothing throws what it must not. */
    NO_SURPRISE;

    /** All of them. */
    static Set<Invariant> all() {
        return EnumSet.allOf(Invariant.class);
    }
}
