package dev.fencepost.chaos.nemesis;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Something that goes wrong for a while.
 *
 * @param kind what kind, the same for all that differ in their target alone
 * @param target whom it hits
 * @param least how long it has to last to be worth anything
 * @param begin makes it happen; returns when it has
 * @param end takes it back; returns when that has happened, and whether anything was hit: there may have been nothing that could be
 */
public record Fault(String kind, String target, Duration least, Runnable begin, BooleanSupplier end) {
    @Override
    public String toString() {
        return kind + " of " + target;
    }
}
