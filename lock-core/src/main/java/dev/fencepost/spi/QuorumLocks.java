package dev.fencepost.spi;

import dev.fencepost.FencingToken;
import dev.fencepost.LockClient;
import dev.fencepost.internal.QuorumClient;
import dev.fencepost.internal.Waiting;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Makes a lock client of the nodes that an adapter has. */
public final class QuorumLocks {
    /** How many nodes a client can have at most. Beyond a handful every further node costs more than the failures that it covers. */
    public static final int MAX_NODES = 15;

    private QuorumLocks() {}

    /**
     * The nodes that a client knows.
     *
     * @param members those that make the cluster, one at least
     * @param others nodes that are to become members, or were. If there are any, the client goes by what a quorum of the nodes says about who makes the cluster, now and later; otherwise it has to be the members given here, and
     *     nodes that say something else refuse the client
     */
    public record Nodes(List<LockNode> members, List<LockNode> others) {
        /**
         * Copies the lists.
         *
         * @param members those that make the cluster
         * @param others nodes that are to become members, or were
         */
        public Nodes {
            members = List.copyOf(members);
            others = List.copyOf(others);
        }

        /**
         * A cluster of just these nodes.
         *
         * @param members all of them
         * @return the nodes
         */
        public static Nodes of(List<? extends LockNode> members) {
            return new Nodes(List.copyOf(members), List.of());
        }
    }

    /**
     * A client of a cluster of just these nodes.
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
        return over(Nodes.of(nodes), settings, environment, events, afterClose);
    }

    /**
     * A client that takes its locks on a majority of the members. A majority is counted of all of these, never of those that can be reached.
     *
     * @param nodes the nodes, each with a name of its own, in any order; the client closes them when it is closed
     * @param settings how to take locks
     * @param environment time, scheduling and randomness
     * @param events where to tell what happens
     * @param afterClose run once after the client has been closed, to free what the nodes share
     * @return the client
     * @throws IllegalArgumentException if there are no nodes, too many, or two with one name
     */
    public static LockClient over(
            Nodes nodes, LockSettings settings, Environment environment, EventSink events, Runnable afterClose) {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(afterClose, "afterClose");
        requireDistinct(nodes);
        return new QuorumClient(nodes, settings, environment, events, afterClose);
    }

    /**
     * Makes a new cluster of nodes that make none, or of which too few remember theirs, and waits until that is done. Closes nothing.
     *
     * @param nodes every member has to be reached; the others are left alone
     * @param settings of which the longest lease is written down
     * @param environment time, scheduling and randomness
     * @param floor what every token is to be larger than; 0 for no demand
     * @throws IllegalArgumentException if there are no nodes, too many, or two with one name, or the floor is not allowed
     * @throws IllegalStateException if a quorum of them makes a cluster already, or one is of another cluster
     * @throws dev.fencepost.QuorumUnavailableException if one of them cannot be reached
     */
    public static void format(Nodes nodes, LockSettings settings, Environment environment, long floor) {
        requireDistinct(nodes);
        if (floor < 0 || floor >= FencingToken.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "floor must be from 0 to below " + FencingToken.MAX_VALUE + ", but is " + floor);
        }
        QuorumClient.format(Nodes.of(nodes.members), settings, environment, floor);
    }

    /**
     * Changes the set of nodes of a cluster while its locks are in use. Locks that are held on all nodes stay held; attempts that are under way begin again. New nodes are brought in by any client, after the longest lease, like nodes that have
     * forgotten. Any number of such calls may be under way at once; of two different ones, one at least fails. A call that ends half-way is to be made once more, and goes on from there. Closes nothing.
     *
     * <p>In one step so many nodes have to stay that they are a majority afterwards, and each majority afterwards that has no new node must meet every majority from before: three nodes can become five, five can become
     * four, and four three. No less than three nodes are left of three or more. After a change the longest lease has to pass before the next.
     *
     * @param nodes those that are to make the cluster, all of which have to be there; and as others those that make it now, and are to leave it
     * @param settings those of the clients, of which the longest lease counts
     * @param environment time, scheduling and randomness
     * @return completes when the cluster is that of these nodes, or as {@link #change} fails
     * @throws IllegalArgumentException if there are no members, too many nodes, or two with one name
     */
    public static CompletionStage<Void> changeAsync(Nodes nodes, LockSettings settings, Environment environment) {
        requireDistinct(nodes);
        return QuorumClient.change(nodes, settings, environment);
    }

    /**
     * The same as {@link #changeAsync}, and waits until it is done.
     *
     * @param nodes those that are to make the cluster, and as others those that are to leave it
     * @param settings those of the clients
     * @param environment time, scheduling and randomness
     * @throws IllegalArgumentException if there are no members, too many nodes, or two with one name, or the cluster cannot become that of these nodes in one step
     * @throws IllegalStateException if it cannot now, since the last change was too short a time ago, or somebody is at another
     * @throws dev.fencepost.QuorumUnavailableException if nodes are missing
     * @throws dev.fencepost.AcquireInterruptedException if the thread was interrupted; call it once more
     */
    public static void change(Nodes nodes, LockSettings settings, Environment environment) {
        Waiting.await(changeAsync(nodes, settings, environment), "change the set of nodes");
    }

    /**
     * Looks at each node once, and says how a client finds it that is given these nodes. Changes nothing on them, closes nothing, and waits for no node longer than the node timeout.
     *
     * @param nodes the nodes
     * @param settings those of the clients: the longest lease and whether disks are vouched for decide how long a node has to stay out
     * @param environment time, scheduling and randomness
     * @return one for each node, in the order of their names
     * @throws IllegalArgumentException if there are no nodes, too many, or two with one name
     */
    public static List<Standing> look(Nodes nodes, LockSettings settings, Environment environment) {
        requireDistinct(nodes);
        return QuorumClient.look(nodes, settings, environment);
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
            /** It takes part in nothing any more, and is on its way into another set of nodes. */
            MOVING,
            /** It is no member of the cluster, whether or not it can be reached. */
            SPARE,
            /** It has forgotten, or was never used, and waits for a client to bring it back, or for the cluster to be formatted. */
            FORGOTTEN,
            /** It answers, and must not be used; what is the matter says why. */
            REFUSED,
            /** It does not answer; what is the matter says why. */
            UNREACHABLE
        }
    }

    /**
     * How many nodes have to take part in a lock of this client, as things are now.
     *
     * @param client what {@link #over} has made
     * @return a majority of the nodes that make the cluster
     */
    public static int needed(LockClient client) {
        return ((QuorumClient) client).needed();
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

    private static void requireDistinct(Nodes nodes) {
        int all = nodes.members.size() + nodes.others.size();
        if (nodes.members.isEmpty() || all > MAX_NODES) {
            throw new IllegalArgumentException("nodes must be from 1 to " + MAX_NODES + ", but are " + all);
        }
        Set<String> names = new HashSet<>();
        Stream.concat(nodes.members.stream(), nodes.others.stream()).forEach(node -> {
            if (!names.add(node.name())) {
                throw new IllegalArgumentException("nodes must differ, but '" + node.name()
                        + "' is given twice; one node with two votes is no quorum");
            }
        });
    }
}
