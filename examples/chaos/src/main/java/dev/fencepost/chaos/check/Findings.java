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
    private final List<String> whyOpen = new ArrayList<>();
    private long violations;
    private long open;

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

    /** Counts things that could not be judged, because too little is known of them: they are neither right nor wrong. */
    void leaveOpen(long things, Supplier<String> why) {
        if (things > 0) {
            open += things;
            whyOpen.add(why.get());
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
        open += other.open;
        whyOpen.addAll(other.whyOpen);
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

    /** How many things could not be judged. */
    public long open() {
        return open;
    }

    /** Why they could not, in words. */
    public List<String> whyOpen() {
        return List.copyOf(whyOpen);
    }

    @Override
    public String toString() {
        return invariant + ": " + violations + " of " + checked + " " + told;
    }
}
