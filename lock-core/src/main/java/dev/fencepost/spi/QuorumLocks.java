package dev.fencepost.spi;

import dev.fencepost.FencingToken;
import dev.fencepost.LockClient;
import dev.fencepost.internal.QuorumClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
        requireDistinct(nodes);
        return new QuorumClient(List.copyOf(nodes), settings, environment, events, afterClose);
    }

    /**
     * Makes a new cluster of nodes that make none, or of which too few remember theirs, and waits until that is done. Closes nothing.
     *
     * @param nodes all nodes of the quorum; every one has to be reached
     * @param settings of which the longest lease is written down
     * @param environment time, scheduling and randomness
     * @param floor what every token is to be larger than; 0 for no demand
     * @throws IllegalArgumentException if there are no nodes, too many, or two with one name, or the floor is not allowed
     * @throws IllegalStateException if a quorum of them makes a cluster already, or one is of another cluster
     * @throws dev.fencepost.QuorumUnavailableException if one of them cannot be reached
     */
    public static void format(
            List<? extends LockNode> nodes, LockSettings settings, Environment environment, long floor) {
        requireDistinct(nodes);
        if (floor < 0 || floor >= FencingToken.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "floor must be from 0 to below " + FencingToken.MAX_VALUE + ", but is " + floor);
        }
        QuorumClient.format(List.copyOf(nodes), settings, environment, floor);
    }

    /**
     * Looks at each node once, and says how a client finds it that is given these nodes. Changes nothing on them, closes nothing, and waits for no node longer than the node timeout.
     *
     * @param nodes all nodes of the quorum
     * @param settings those of the clients: the longest lease and whether disks are vouched for decide how long a node has to stay out
     * @param environment time, scheduling and randomness
     * @return one for each node, in the order of their names
     * @throws IllegalArgumentException if there are no nodes, too many, or two with one name
     */
    public static List<Standing> look(List<? extends LockNode> nodes, LockSettings settings, Environment environment) {
        requireDistinct(nodes);
        return QuorumClient.look(List.copyOf(nodes), settings, environment);
    }

    /**
     * How a node is found.
     *
     * @param node what it is called
     * @param state whether it takes part
     * @param why what is the matter, for people; empty if it takes part
     * @param left how much longer it has to stay out, by its own clock; zero unless it is quarantined
     * @param seen what it showed; empty if it did not answer. What it says of itself has nonces in it, which are not for people
     */
    public record Standing(String node, State state, String why, Duration left, Optional<NodeReply.Seen> seen) {
        /** Whether a node takes part, and if not, what is needed. */
        public enum State {
            /** It takes part. */
            READY,
            /** It has forgotten, and stays out until no lease is left that it may have granted. Any client brings it back then. */
            QUARANTINED,
            /** It has forgotten, or was never used, and waits for a client to bring it back, or for the cluster to be formatted. */
            FORGOTTEN,
            /** It answers, and must not be used; what is the matter says why. */
            REFUSED,
            /** It does not answer; what is the matter says why. */
            UNREACHABLE
        }
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

    private static void requireDistinct(List<? extends LockNode> nodes) {
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
    }
}
