package dev.fencepost.sim;

import dev.fencepost.sim.NodeHost.Change;
import dev.fencepost.spi.NodeReply.Marker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** Who held what on which node, and how far the counters were meanwhile: what the proof of the tokens is about. */
final class Holds {
    private final Monitor monitor;
    private final Map<String, Integer> quorums = new HashMap<>();
    private final Map<String, Series> series = new HashMap<>();
    private final Map<String, List<Hold>> byOwner = new HashMap<>();

    /** The holds of one resource on one node, one after the other. */
    private static final class Series {
        /** Those that counted for tokens that are complete, by their numbers. */
        private final TreeMap<Integer, Hold> counted = new TreeMap<>();

        private Optional<Hold> current = Optional.empty();
        private int count;
    }

    /** The time from a grant until that lock ends. */
    private static final class Hold {
        private final Series in;
        private final int node;
        private final int number;
        private final String owner;
        /** The first number that its first grant took from the counter; none if it began as a lock that was put back. */
        private final OptionalLong first;

        private long reached;
        /** The tokens that it counted for. */
        private long smallest = Long.MAX_VALUE;

        private long largest = Long.MIN_VALUE;

        private Hold(Series in, int node, String owner, OptionalLong first) {
            this.in = in;
            this.node = node;
            this.number = in.count++;
            this.owner = owner;
            this.first = first;
        }

        private boolean counts(long token) {
            return first.isPresent() && first.getAsLong() <= token && reached >= token;
        }

        private void count(long token) {
            smallest = Math.min(smallest, token);
            largest = Math.max(largest, token);
        }

        @Override
        public String toString() {
            return smallest + " to " + largest;
        }
    }

    Holds(Monitor monitor) {
        this.monitor = monitor;
    }

    /** A node takes part in a cluster. */
    void founded(Marker marker) {
        quorums.put(marker.identity().epoch(), marker.identity().members().size() / 2 + 1);
    }

    /** A request took effect on a node. */
    void changed(int node, Change change) {
        if (change.counter().after() < change.counter().before()) {
            monitor.fail(Invariant.COUNTERS_GROW, "node-" + node + " " + change);
        }
        boolean others = change.before()
                .filter(lock -> !lock.owner().equals(change.owner()))
                .isPresent();
        if (others && !change.before().equals(change.after())) {
            monitor.fail(Invariant.OWN_LOCK_ONLY, "node-" + node + " " + change);
        }
        note(series.computeIfAbsent(node + change.resource(), name -> new Series()), node, change);
    }

    /** A node was put back to what it knew before. */
    void forgot(int node) {
        series.forEach((name, of) -> {
            if (name.startsWith(Integer.toString(node))) {
                of.current = Optional.empty();
            }
        });
    }

    /** A lease by this token is there, of an attempt that was made in the cluster of this epoch. */
    void complete(String owner, long token, String epoch) {
        Set<Integer> nodes = new HashSet<>();
        for (Hold hold : byOwner.getOrDefault(owner, List.of())) {
            if (hold.counts(token)) {
                nodes.add(hold.node);
                order(hold, token);
            }
        }
        if (nodes.size() < quorums.getOrDefault(epoch, Integer.MAX_VALUE)) {
            monitor.fail(Invariant.COVERAGE, "token " + token + " was confirmed by the nodes " + nodes + " only");
        }
    }

    private void order(Hold hold, long token) {
        Map.Entry<Integer, Hold> earlier = hold.in.counted.lowerEntry(hold.number);
        Map.Entry<Integer, Hold> later = hold.in.counted.higherEntry(hold.number);
        if ((earlier != null && earlier.getValue().largest >= token)
                || (later != null && later.getValue().smallest <= token)) {
            monitor.fail(
                    Invariant.HOLD_ORDER,
                    "token " + token + " on node-" + hold.node + " between those of " + earlier + " and " + later);
        }
        hold.count(token);
        hold.in.counted.put(hold.number, hold);
    }

    private void note(Series of, int node, Change change) {
        if (change.after().isEmpty()) {
            of.current = Optional.empty();
            return;
        }
        String holder = change.after().get().owner();
        boolean same = change.before().isPresent()
                && of.current.filter(hold -> hold.owner.equals(holder)).isPresent();
        boolean left = change.before()
                .filter(before -> before.owner().equals(holder)
                        && before.memory().equals(change.after().get().memory()))
                .isPresent();
        if (!same && left) {
            // It was there already when the node came back to older data, and is nobody's.
            return;
        }
        if (!same) {
            Hold begun = new Hold(of, node, holder, change.counter().first());
            of.current = Optional.of(begun);
            byOwner.computeIfAbsent(holder, name -> new ArrayList<>()).add(begun);
        }
        of.current.ifPresent(hold -> hold.reached = change.counter().after());
    }
}
