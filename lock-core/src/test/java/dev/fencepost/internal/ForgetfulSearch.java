package dev.fencepost.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Visits every state that a {@link ForgetfulModel} can reach, nearest first. */
final class ForgetfulSearch {
    /**
     * What was found.
     *
     * @param states how many states were reached that differ in more than names
     * @param steps how many steps it takes to the farthest of them
     * @param broken what does not hold in the nearest bad state; the search ends there
     */
    record Result(int states, int steps, Set<Invariant> broken) {}

    private static final class State {
        private final byte[] world;
        private final int hash;

        State(byte[] world) {
            this.world = world;
            this.hash = Arrays.hashCode(world);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof State that && Arrays.equals(world, that.world);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private ForgetfulSearch() {}

    static Result from(ForgetfulModel model, byte[] first) {
        Set<State> seen = new HashSet<>();
        Set<Invariant> broken = EnumSet.noneOf(Invariant.class);
        List<byte[]> nearest = List.of(model.layout().canonical(first));
        seen.add(new State(nearest.get(0)));
        int steps = 0;
        while (!nearest.isEmpty()) {
            List<byte[]> further = new ArrayList<>();
            for (byte[] world : nearest) {
                broken.addAll(WorldInvariants.brokenIn(world));
                if (!broken.isEmpty()) {
                    return new Result(seen.size(), steps, broken);
                }
                model.expand(world, after -> {
                    byte[] canonical = model.layout().canonical(after);
                    if (seen.add(new State(canonical))) {
                        further.add(canonical);
                    }
                });
            }
            steps += further.isEmpty() ? 0 : 1;
            nearest = further;
        }
        return new Result(seen.size(), steps, broken);
    }
}
