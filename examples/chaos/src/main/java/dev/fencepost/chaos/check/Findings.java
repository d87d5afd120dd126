package dev.fencepost.chaos.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What one check has looked at, and what was wrong. For use by one thread. */
public final class Findings {
    /** So many violations are told in words; the others are counted. */
    private static final int TOLD = 20;

    private final Invariant invariant;
    private final List<String> told = new ArrayList<>();
    private long checked;
    private long violations;

    /** Nothing so far. */
    public Findings(Invariant invariant) {
        this.invariant = invariant;
    }

    /** Counts one thing that was looked at, and tells it if it was wrong. */
    void expect(boolean right, Supplier<String> otherwise) {
        checked++;
        if (!right) {
            violations++;
            if (told.size() < TOLD) {
                told.add(otherwise.get());
            }
        }
    }

    /** Adds what the same check has found in another history. */
    public void add(Findings other) {
        if (other.invariant != invariant) {
            throw new IllegalArgumentException(
                    "findings must be of one invariant, but are of " + invariant + " and " + other.invariant);
        }
        checked += other.checked;
        violations += other.violations;
        other.told.stream().limit(TOLD - (long) told.size()).forEach(told::add);
    }

    /** What was checked. */
    public Invariant invariant() {
        return invariant;
    }

    /** How many things were looked at. */
    public long checked() {
        return checked;
    }

    /** How many of them were wrong. */
    public long violations() {
        return violations;
    }

    /** The first of what was wrong, in words. */
    public List<String> told() {
        return List.copyOf(told);
    }

    @Override
    public String toString() {
        return invariant + ": " + violations + " of " + checked + " " + told;
    }
}
