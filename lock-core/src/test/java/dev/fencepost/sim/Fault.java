package dev.fencepost.sim;

import java.util.EnumSet;
import java.util.Set;

/** What goes wrong, each by itself or with others. */
enum Fault {
    /** Some messages take up to longer than a lease. */
    DELAYS,
    /** Messages of different owners overtake each other all the time. */
    REORDERING,
    /** Some requests never arrive, and the node is silent. */
    LOSS,
    /** Some replies never arrive, after the request took effect. */
    REPLIES_LOST,
    /** Some requests take effect a second time, much later, whatever came in between. */
    DUPLICATES,
    /** Connections break; what is on its way on the old one may still arrive, in any order with what is sent on the new one. */
    CUTS,
    /** A connection loses everything in one direction for a while. */
    ONE_WAY,
    /** Nodes go down for a while and come back with all that they knew. */
    CRASHES,
    /** Processes stand still between two events. */
    PAUSES,
    /** Processes stand still in the middle of what they do: before the next look at the clock, or before the next message. */
    STALLS,
    /** What users hand in waits for a thread. */
    SLOW_EXECUTOR,
    /** Processes end without a word. */
    PROCESS_CRASHES,
    /** Clocks run at rates that differ by less than what is taken off a lease for that. */
    DRIFT,
    /** Clocks run at rates that have nothing to do with each other. */
    CLOCK_RATES(false),
    /** Clocks of nodes are set forward and back. */
    CLOCK_JUMPS(false),
    /** A node ends a lock at any moment. */
    EARLY_EXPIRY(false),
    /** A node comes back with nothing, with older data than it had, or is flushed; never so many that the others cannot bring it back. */
    AMNESIA,
    /** A node lets the counters of resources go away that are not locked, now or a moment later. */
    UNUSED_GO,
    /** Somebody changes the set of nodes, and may be gone before that is done. */
    CHANGES,
    /** The clock of a node that has forgotten is set forward as soon as it waits, so that the wait is over at once. */
    LEAPS(false);

    private final boolean sane;

    Fault() {
        this(true);
    }

    Fault(boolean sane) {
        this.sane = sane;
    }

    /** Whether leases still keep holders apart in time. */
    boolean isSane() {
        return sane;
    }

    /** All that the protocol has to stand where there is one set of nodes. */
    static Set<Fault> all() {
        return EnumSet.complementOf(EnumSet.of(CHANGES));
    }

    /** All with which clocks stay sane. */
    static Set<Fault> sane() {
        Set<Fault> sane = all();
        sane.removeIf(fault -> !fault.isSane());
        return sane;
    }
}
