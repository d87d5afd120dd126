package dev.fencepost.internal;

import dev.fencepost.spi.NodeRequest;
import java.util.Map;

/** How one attempt to take a lock ended. */
sealed interface Outcome {
    /** A quorum confirmed the token, and something of the lease is left. */
    record Won(NodeRequest request, long token, long deadlineNanos) implements Outcome {}

    /** Somebody else holds the resource, for this long at most unless it is extended, or was faster. */
    record Contended(long heldMillis) implements Outcome {
        String describe() {
            return heldMillis == Long.MAX_VALUE
                    ? "others were faster each time"
                    : "somebody else holds it, for " + heldMillis + " ms more unless that is extended";
        }
    }

    /** Too few nodes took part. */
    record Unavailable(String what, Map<String, String> reasons) implements Outcome {}

    /** No larger token exists. */
    record Exhausted(Map<String, String> reasons) implements Outcome {}

    /** A node has seen a newer view: start again from nothing in that one. */
    record Superseded(long view) implements Outcome {}
}
