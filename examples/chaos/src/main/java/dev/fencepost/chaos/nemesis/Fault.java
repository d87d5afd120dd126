package dev.fencepost.chaos.nemesis;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Something that goes wrong for a while.
 *
 * @param kind what kind, the same for all that differ in their target alone
 * @param target whom it hits
 * @param least how long it has to last to be worth anything
 * @param begin makes it happen; returns when it has, and whether it could: there may be nothing to hit
 * @param end takes it back; returns when that has happened
 */
public record Fault(String kind, String target, Duration least, BooleanSupplier begin, Runnable end) {
    @Override
    public String toString() {
        return kind + " of " + target;
    }
}
