package dev.fencepost.chaos;

import dev.fencepost.chaos.check.Verdict;
import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.Span;

/**
 * What became of a trial.
 *
 * @param spec what it was made of
 * @param history what happened
 * @param verdict what the checks say of it
 * @param span when it was
 */
record Outcome(TrialSpec spec, History history, Verdict verdict, Span span) {
    /** How many locks were taken. */
    long cycles() {
        return history.leases().size();
    }

    /** How many things were done that could have gone wrong: locks taken, and writes. */
    long operations() {
        return history.leases().size() + (long) history.writes().size();
    }
}
