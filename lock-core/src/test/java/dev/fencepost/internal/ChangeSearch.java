package dev.fencepost.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Visits every state that a {@link ChangeModel} can reach, nearest first. States that differ only in the names of attempts, or of nodes that are alike, count as one, as they do for TLC. */
final class ChangeSearch {
    /**
     * What was found.
     *
     * @param states how many states were reached that differ in more than names
     * @param steps how many steps it takes to the farthest of them
     * @param broken what does not hold in the nearest bad state; the search ends there
     */
    record Result(int states, int steps, Set<ChangeInvariants.Rule> broken) {}

    private static final List<int[]> ATTEMPTS = List.of(new int[] {0, 1}, new int[] {1, 0});

    private final ChangeModel model;
    private final List<int[]> nodes = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private ChangeSearch(ChangeModel model, int nodes, int alike) {
        this.model = model;
        rename(IntStream.range(0, nodes).toArray(), alike, 0);
    }

    /**
     * Searches to the end, or to the nearest states in which something does not hold.
     *
     * @param alike which nodes differ in their names only, one bit each
     */
    static Result of(ChangeModel model, int nodes, int alike) {
        return new ChangeSearch(model, nodes, alike).run();
    }

    private Result run() {
        List<ChangeWorld> nearest = List.of(model.first());
        seen.add(canonical(nearest.get(0)));
        int steps = 0;
        while (!nearest.isEmpty()) {
            List<ChangeWorld> further = new ArrayList<>();
            for (ChangeWorld world : nearest) {
                Set<ChangeInvariants.Rule> broken = model.brokenIn(world);
                if (!broken.isEmpty()) {
                    return new Result(seen.size(), steps, broken);
                }
                model.expand(world, after -> {
                    if (seen.add(canonical(after))) {
                        further.add(after);
                    }
                });
            }
            steps += further.isEmpty() ? 0 : 1;
            nearest = further;
        }
        return new Result(seen.size(), steps, EnumSet.noneOf(ChangeInvariants.Rule.class));
    }

    private String canonical(ChangeWorld world) {
        String smallest = "";
        for (int[] newNodes : nodes) {
            for (int[] newAttempts : ATTEMPTS) {
                String renamed = world.renamed(newNodes, newAttempts);
                smallest = smallest.isEmpty() || renamed.compareTo(smallest) < 0 ? renamed : smallest;
            }
        }
        return smallest;
    }

    /** All ways to name the nodes from this one on anew, if those before have their names. */
    private void rename(int[] names, int alike, int from) {
        if (from == names.length) {
            nodes.add(names.clone());
            return;
        }
        rename(names, alike, from + 1);
        for (int other = from + 1; other < names.length; other++) {
            if (((alike >> from) & (alike >> other) & 1) == 1) {
                int[] swapped = Arrays.copyOf(names, names.length);
                swapped[from] = names[other];
                swapped[other] = names[from];
                rename(swapped, alike, from + 1);
            }
        }
    }
}
