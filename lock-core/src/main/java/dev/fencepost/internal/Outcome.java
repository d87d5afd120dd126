package dev.fencepost.internal;

import dev.fencepost.LockEvent;
import java.util.Map;

/** How one attempt to take a lock ended. */
sealed interface Outcome {
    /** What to tell listeners of it. */
    default LockEvent.Result result() {
        if (this instanceof Won || this instanceof Acquired) {
            return LockEvent.Result.WON;
        }
        if (this instanceof Contended) {
            return LockEvent.Result.CONTENDED;
        }
        if (this instanceof Unavailable) {
            return LockEvent.Result.UNAVAILABLE;
        }
        return this instanceof Exhausted ? LockEvent.Result.EXHAUSTED : LockEvent.Result.SUPERSEDED;
    }

    /**
     * A quorum confirmed the token, and something of the lease is left.
     *
     * @param holding with the first of its tokens
     * @param sinceNanos the clock before the first request was sent
     * @param roundTrips how many round trips it took
     */
    record Won(Holding holding, long sinceNanos, int roundTrips) implements Outcome {}

    /**
     * Somebody else holds the resource, or was faster.
     *
     * @param heldMillis how long the locks in the way live at least, unless they are extended; {@link Long#MAX_VALUE} if no node said so
     * @param split whether several attempts may have stood in each other's way: some nodes had granted all the same, or only one was asked
     * @param answered the node to ask first after several splits, which is the first in the common order that did answer; {@link Attempt#ALL_AT_ONCE} if none did, or if this attempt has asked one first
     */
    record Contended(long heldMillis, boolean split, int answered) implements Outcome {
        /** Nothing was asked of any node, since it is held in this process, or others in it were waiting before. */
        static final Contended BEHIND_OTHERS = new Contended(Long.MAX_VALUE, false, -1);

        String describe() {
            if (equals(BEHIND_OTHERS)) {
                return "it is held in this process, or others in it were waiting before";
            }
            return heldMillis == Long.MAX_VALUE
                    ? "others were faster each time"
                    : "somebody else holds it, for " + heldMillis + " ms more unless that is extended";
        }
    }

    /** What was won is a lease now. */
    record Acquired(HeldLease lease) implements Outcome {}

    /** Too few nodes took part. */
    record Unavailable(String what, Map<String, String> reasons) implements Outcome {}

    /** No larger token exists. */
    record Exhausted(Map<String, String> reasons) implements Outcome {}

    /** A node has seen a newer view: start again from nothing in that one, or in a later one, once it is known to be established. */
    record Superseded(long view) implements Outcome {
        /** What to do when it is known, or not in time, whether the view is established. */
        Outcome then(boolean established, String resource) {
            return established
                    ? new CaughtUp()
                    : new Unavailable(
                            "'" + resource + "' could not be locked: nodes are in view " + view
                                    + ", and no quorum of them has been seen in it yet",
                            Map.of());
        }
    }

    /** The view that a node has named is established, or the nodes were looked at meanwhile: begin again. */
    record CaughtUp() implements Outcome {}
}
