package dev.fencepost.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Visits every state that a {@link TokenModel} can reach, nearest first, so that the first violation comes with a shortest way to it. A state is two numbers: its
 * nodes and its attempts, each packed by a {@link Numbering}.
 */
final class TokenSearch {
    /**
     * What was found.
     *
     * @param states how many different states were reached
     * @param exhaustive whether these are all that there are
     * @param broken which invariants were seen broken in one of the nearest bad states; the search ends there
     * @param trace the steps to it
     */
    record Result(int states, boolean exhaustive, Set<Invariant> broken, List<String> trace) {
        @Override
        public String toString() {
            String found = broken.isEmpty() ? "no violation" : broken + " broken by\n  " + String.join("\n  ", trace);
            return states + " states" + (exhaustive ? ", exhaustive: " : ": ") + found;
        }
    }

    private final TokenModel model;
    private final ModelNode[] nodes;
    private final ModelAttempt[] attempts;
    private final Numbering<ModelNode> nodeNumbers;
    private final Numbering<ModelAttempt> attemptNumbers;
    private final PackedStates states = new PackedStates();

    TokenSearch(SearchSetup setup) {
        this.model = new TokenModel(setup);
        this.nodes = model.firstNodes();
        this.attempts = model.firstAttempts();
        this.nodeNumbers = new Numbering<>(nodes.length);
        this.attemptNumbers = new Numbering<>(attempts.length);
        long first = 0;
        for (int x = 0; x < nodes.length; x++) {
            first = nodeNumbers.put(first, x, nodes[x]);
        }
        long second = 0;
        for (int a = 0; a < attempts.length; a++) {
            second = attemptNumbers.put(second, a, attempts[a]);
        }
        states.add(first, second, 0);
    }

    static Result of(SearchSetup setup) {
        return of(setup, Integer.MAX_VALUE);
    }

    /** Searches until everything was seen, something is broken, or there are more states than the limit. */
    static Result of(SearchSetup setup, int limit) {
        return new TokenSearch(setup).run(limit);
    }

    private Result run(int limit) {
        Set<Invariant> broken = EnumSet.noneOf(Invariant.class);
        List<String> last = new ArrayList<>();
        int next = 0;
        while (next < states.size() && states.size() <= limit && broken.isEmpty()) {
            expand(next, new Visit(next, broken, last));
            next++;
        }
        if (broken.isEmpty()) {
            return new Result(states.size(), next == states.size(), broken, List.of());
        }
        Deque<String> trace = new ArrayDeque<>(last);
        for (int state = next - 1; state != 0; state = states.parent(state)) {
            trace.addFirst(labelOf(state));
        }
        return new Result(states.size(), false, broken, List.copyOf(trace));
    }

    private void expand(int state, TokenModel.Steps steps) {
        long first = states.first(state);
        long second = states.second(state);
        for (int x = 0; x < nodes.length; x++) {
            nodes[x] = nodeNumbers.get(first, x);
        }
        for (int a = 0; a < attempts.length; a++) {
            attempts[a] = attemptNumbers.get(second, a);
        }
        model.expand(nodes, attempts, steps);
    }

    private long nodesAfter(int state, int attempt, int node, ModelNode nodeAfter, ModelAttempt attemptAfter) {
        long packed = states.first(state);
        for (int x = 0; x < nodes.length; x++) {
            ModelNode changed = TokenModel.afterwards(x == node ? nodeAfter : nodes[x], x, attempt, attemptAfter);
            if (!changed.equals(nodes[x])) {
                packed = nodeNumbers.put(packed, x, changed);
            }
        }
        return packed;
    }

    /** Which step led to the state when it was reached first. */
    private String labelOf(int state) {
        int parent = states.parent(state);
        List<String> labels = new ArrayList<>();
        expand(parent, new TokenModel.Steps() {
            @Override
            public void step(String what, int attempt, int node, ModelNode nodeAfter, ModelAttempt attemptAfter) {
                if (nodesAfter(parent, attempt, node, nodeAfter, attemptAfter) == states.first(state)
                        && attemptNumbers.put(states.second(parent), attempt, attemptAfter) == states.second(state)) {
                    labels.add("attempt " + attempt + " " + what + " at node " + node + ", then " + nodeAfter);
                }
            }

            @Override
            public void violation(Invariant broken, int attempt, long token) {}
        });
        return labels.get(0);
    }

    /** Adds the states that follow one. */
    private final class Visit implements TokenModel.Steps {
        private final int from;
        private final Set<Invariant> broken;
        private final List<String> last;

        Visit(int from, Set<Invariant> broken, List<String> last) {
            this.from = from;
            this.broken = broken;
            this.last = last;
        }

        @Override
        public void step(String what, int attempt, int node, ModelNode nodeAfter, ModelAttempt attemptAfter) {
            states.add(
                    nodesAfter(from, attempt, node, nodeAfter, attemptAfter),
                    attemptNumbers.put(states.second(from), attempt, attemptAfter),
                    from);
        }

        @Override
        public void violation(Invariant invariant, int attempt, long token) {
            broken.add(invariant);
            last.add("attempt " + attempt + " is complete with token " + token + ", which breaks " + invariant);
        }
    }
}
