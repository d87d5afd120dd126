package dev.fencepost.internal;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What to search.
 *
 * @param counters where the counters stand at first, one a node
 * @param attempts how many attempts there are
 * @param lie what to take out of the rule
 * @param freedoms what may happen besides
 * @param checked what to check
 */
record SearchSetup(List<Integer> counters, int attempts, Lie lie, Set<Freedom> freedoms, Set<Invariant> checked) {
    /** The rule as it is, checked in every respect, from these counters, one a node. */
    static SearchSetup of(int attempts, Integer... counters) {
        return new SearchSetup(
                List.of(counters), attempts, Lie.NONE, EnumSet.noneOf(Freedom.class), EnumSet.allOf(Invariant.class));
    }

    SearchSetup with(Lie other) {
        return new SearchSetup(counters, attempts, other, freedoms, checked);
    }

    SearchSetup with(Freedom one) {
        Set<Freedom> more = EnumSet.of(one);
        more.addAll(freedoms);
        return new SearchSetup(counters, attempts, lie, more, checked);
    }

    SearchSetup checking(Invariant only) {
        return new SearchSetup(counters, attempts, lie, freedoms, EnumSet.of(only));
    }

    int nodes() {
        return counters.size();
    }

    boolean has(Freedom freedom) {
        return freedoms.contains(freedom);
    }
}
