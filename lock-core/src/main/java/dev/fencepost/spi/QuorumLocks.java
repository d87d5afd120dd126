package dev.fencepost.spi;

import dev.fencepost.LockClient;
import dev.fencepost.internal.QuorumClient;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Makes a lock client of the nodes that an adapter has. */
public final class QuorumLocks {
    /** How many nodes a client can have at most. Beyond a handful every further node costs more than the failures that it covers. */
    public static final int MAX_NODES = 15;

    private QuorumLocks() {}

    /**
     * A client that takes its locks on a majority of the nodes. A majority is counted of all nodes given here, never of those that can be reached.
     *
     * @param nodes all nodes of the quorum, one at least, each with a name of its own, in any order; the client closes them when it is closed
     * @param settings how to take locks
     * @param environment time, scheduling and randomness
     * @param events where to tell what happens
     * @param afterClose run once after the client has been closed, to free what the nodes share
     * @return the client
     * @throws IllegalArgumentException if there are no nodes, too many, or two with one name
     */
    public static LockClient over(
            List<? extends LockNode> nodes,
            LockSettings settings,
            Environment environment,
            EventSink events,
            Runnable afterClose) {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(afterClose, "afterClose");
        if (nodes.isEmpty() || nodes.size() > MAX_NODES) {
            throw new IllegalArgumentException("nodes must be from 1 to " + MAX_NODES + ", but are " + nodes.size());
        }
        Set<String> names = new HashSet<>();
        for (LockNode node : nodes) {
            if (!names.add(node.name())) {
                throw new IllegalArgumentException("nodes must differ, but '" + node.name()
                        + "' is given twice; one node with two votes is no quorum");
            }
        }
        return new QuorumClient(List.copyOf(nodes), settings, environment, events, afterClose);
    }

    /**
     * How many nodes make a majority.
     *
     * @param nodes how many nodes are configured, reachable or not
     * @return the smallest number such that any two sets of so many nodes share one
     */
    public static int quorum(int nodes) {
        return QuorumClient.quorum(nodes);
    }
}
