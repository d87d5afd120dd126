package dev.fencepost.internal;

import java.time.Duration;

/**
 * What a caller wants.
 *
 * @param resource the name to lock
 * @param floor the token has to be larger than this; 0 for no demand
 * @param maxWait how long to try at most
 */
record Demand(String resource, long floor, Duration maxWait) {
    /** Whether more than a single attempt is wanted. */
    boolean waits() {
        return !maxWait.isZero() && !maxWait.isNegative();
    }
}
