package dev.fencepost.internal;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What to search.
 *
 * @param counters where the counters stand at first, one a node
 * @param widths how many tokens each attempt wants, in the order in which they begin
 * @param lie what to take out of the rule
 * @param freedoms what may happen besides
 * @param checked what to check
 */
record SearchSetup(
        List<Integer> counters, List<Integer> widths, Lie lie, Set<Freedom> freedoms, Set<Invariant> checked) {
    /** The rule as it is, checked in every respect, for attempts that want one token each, from these counters, one a node. */
    static SearchSetup of(int attempts, Integer... counters) {
        return new SearchSetup(
                List.of(counters),
                Collections.nCopies(attempts, 1),
                Lie.NONE,
                EnumSet.noneOf(Freedom.class),
                EnumSet.allOf(Invariant.class));
    }

    /** The same for attempts that want so many tokens. */
    SearchSetup wanting(Integer... tokens) {
        return new SearchSetup(counters, List.of(tokens), lie, freedoms, checked);
    }

    SearchSetup with(Lie other) {
        return new SearchSetup(counters, widths, other, freedoms, checked);
    }

    SearchSetup with(Freedom one) {
        Set<Freedom> more = EnumSet.of(one);
        more.addAll(freedoms);
        return new SearchSetup(counters, widths, lie, more, checked);
    }

    SearchSetup checking(Invariant only) {
        return new SearchSetup(counters, widths, lie, freedoms, EnumSet.of(only));
    }

    int nodes() {
        return counters.size();
    }

    int attempts() {
        return widths.size();
    }

    /** How many numbers a node takes for an attempt. */
    int taken(int attempt) {
        return lie == Lie.NARROW_GRANT ? 1 : widths.get(attempt);
    }

    /** The tokens of an attempt for which this one is confirmed. */
    ModelTokens tokens(int attempt, int confirmed) {
        ModelTokens tokens = ModelTokens.of(confirmed, widths.get(attempt));
        return lie == Lie.TOKENS_UPWARD ? tokens.upward() : tokens;
    }

    boolean has(Freedom freedom) {
        return freedoms.contains(freedom);
    }
}
