package dev.fencepost.bench.report;

import dev.fencepost.bench.measure.Spread;

/**
 * One figure of a row of the targets table.
 *
 * @param id what the file of bounds calls it
 * @param what what was measured against what, in words
 * @param measured the figure
 * @param goal what the figure has to be
 */
public record Part(String id, String what, Spread measured, Goal goal) {
    /**
     * What a figure has to reach, or must not exceed.
     *
     * @param value the limit
     * @param atLeast whether larger is better
     */
    public record Goal(double value, boolean atLeast) {
        /** Whether a figure is good enough. */
        public boolean isMetBy(double figure) {
            return atLeast ? figure >= value : figure <= value;
        }

        @Override
        public String toString() {
            return (atLeast ? ">= " : "<= ") + Spread.show(value);
        }
    }

    /** A figure that should be large. */
    public static Part atLeast(String id, String what, Spread measured, double goal) {
        return new Part(id, what, measured, new Goal(goal, true));
    }

    /** A figure that should be small. */
    public static Part atMost(String id, String what, Spread measured, double goal) {
        return new Part(id, what, measured, new Goal(goal, false));
    }

    /** Whether the median is good enough. */
    public boolean isMet() {
        return goal.isMetBy(measured.median());
    }
}
