package dev.fencepost.spi;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/**
 * The port to one node of the quorum. A node keeps, for each resource, at most one lock (an owner and a time to live) and a counter
 * that never falls, and each verb acts on both in one atomic step.
 *
 * <p>No decision of the protocol is taken behind this port: it carries requests to a node and replies back.
 *
 * <p>A node takes part only after {@link Membership#admit} and {@link Membership#use}, and only for as long as it bears the marker that it was admitted with. Otherwise each verb answers {@link
 * NodeReply.Forgotten} or {@link NodeReply.Unavailable} and does nothing.
 *
 * <p>What the algorithm relies on:
 *
 * <ul>
 *   <li>Each verb takes effect at most once per call, and possibly after its stage completed with {@link NodeReply.Unavailable}: a lost
 *       reply does not undo anything.
 *   <li>Calls for one owner take effect in the order in which they were made, as long as the connection lives; a release must not overtake its
 *       grant. Across a lost connection the time to live is the net.
 *   <li>No verb blocks its caller, and no stage completes exceptionally: whatever goes wrong is an {@code Unavailable} with a reason that
 *       a person can act on. A stage may stay incomplete for as long as the node is silent; the algorithm has its own deadline.
 * </ul>
 *
 * <p>Implementations are safe for use by many threads.
 */
public interface LockNode extends AutoCloseable {
    /**
     * What the node is called in messages to people.
     *
     * @return a name that is unique among the nodes of a client, with no password in it
     */
    String name();

    /**
     * If the resource is free, locks it for the owner, raises the counter to the floor, adds to it as many as {@link NodeRequest#tokens} says, and answers with what it is then: that token and those before it are the
     * owner's, should it come to that. If the owner holds it already, adds as many again, so that no value is ever returned twice, and does not shorten the lock.
     *
     * @param request who wants which resource, in which view
     * @param ttlMillis how long the lock lives on the node, in milliseconds
     * @param floor what the counter must have passed: all tokens are larger than this; 0 for no demand
     * @return {@link NodeReply.Granted}, {@link NodeReply.Held}, {@link NodeReply.NewerView}, {@link NodeReply.Exhausted}, {@link NodeReply.Forgotten} or
     *     {@link NodeReply.Unavailable}
     */
    CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor);

    /**
     * If, and only if, the owner still holds the resource and the counter is not beyond the token, raises the counter to the token. A larger counter means
     * that somebody else was granted the resource here since, and that the owner holds it by a grant that came late or twice.
     *
     * @param request whose lock, in which view
     * @param token what the counter is to be at least
     * @return {@link NodeReply.Done}, {@link NodeReply.NotHeld}, {@link NodeReply.NewerView}, {@link NodeReply.Forgotten} or {@link NodeReply.Unavailable}
     */
    CompletionStage<NodeReply> raise(NodeRequest request, long token);

    /**
     * For each lock whose owner still holds it, on a counter that is not beyond the token: makes it live at least as long as asked for, and lifts a counter that lags behind its token. Never
     * shortens a lock. Makes no token, and so is done whatever view of its epoch the node knows of; a node that knows of an older one takes this one up. A node of another epoch does nothing, since its quorums may be
     * of other nodes. Locks do not depend on each other; a node may take them in several steps.
     *
     * @param locks which locks; at least one
     * @param view the newest view that was established when the extension began
     * @param ttlMillis how long the locks are to live from now, in milliseconds
     * @return a reply for each lock, in their order: {@link NodeReply.Done}, {@link NodeReply.NotHeld}, {@link NodeReply.Forgotten} or {@link NodeReply.Unavailable}
     */
    CompletionStage<List<NodeReply>> extend(List<HeldLock> locks, NodeRequest.View view, long ttlMillis);

    /**
     * If nobody holds the resource and the counter is not larger than the token, locks it again for an owner who holds it on a quorum of other nodes, and
     * lifts the counter to the token. A larger counter means that the node has granted it to somebody else since. Never shortens a lock that the owner holds.
     *
     * <p>What the counters of a node start from that has been brought back counts as well, since it may have forgotten such a grant.
     *
     * @param lock which lock
     * @param view the view of the extension in which a quorum of other nodes still held the lock
     * @param ttlMillis how long the lock lives on the node, in milliseconds
     * @return {@link NodeReply.Done} if the owner holds the lock now, {@link NodeReply.NotHeld} if it must not, {@link NodeReply.Forgotten} or {@link NodeReply.Unavailable}
     */
    CompletionStage<NodeReply> restore(HeldLock lock, NodeRequest.View view, long ttlMillis);

    /**
     * If the owner still holds the resource, frees it, and tells whoever watches it if that is wanted; in any case lifts a counter that lags behind the token. Right
     * in any view.
     *
     * @param lock whose lock; the token is 0 when the attempt came to none
     * @param announce whether to tell those who watch the resource
     * @return {@link NodeReply.Released}, {@link NodeReply.NotHeld}, {@link NodeReply.Forgotten} or {@link NodeReply.Unavailable}
     */
    CompletionStage<NodeReply> release(HeldLock lock, boolean announce);

    /**
     * Releases a lock without announcing it, and locks the resource for the next owner, as {@link #release} and {@link #grant} do one after the other. The grant takes effect after the release: a node whose requests for two
     * owners may overtake each other does both in one step, and so does one that is to save a request.
     *
     * @param before whose lock is released
     * @param request who wants the same resource, in which view
     * @param ttlMillis how long the lock lives on the node, in milliseconds
     * @param floor what the counter must have passed
     * @return what {@code release} and {@code grant} answer
     */
    default HandOver handOver(HeldLock before, NodeRequest request, long ttlMillis, long floor) {
        return new HandOver(release(before, false), grant(request, ttlMillis, floor));
    }

    /**
     * The replies to a release and to the grant that follows it.
     *
     * @param released as of {@link #release}
     * @param granted as of {@link #grant}
     */
    record HandOver(CompletionStage<NodeReply> released, CompletionStage<NodeReply> granted) {
        /**
         * What a node answers that does both in one step: the release is done whatever becomes of the grant, unless the node takes no part.
         *
         * @param granted as of {@link #grant}
         * @return both replies
         */
        public static HandOver inOneStep(CompletionStage<NodeReply> granted) {
            return new HandOver(
                    granted.thenApply(
                            reply -> reply instanceof NodeReply.Unavailable || reply instanceof NodeReply.Forgotten
                                    ? reply
                                    : new NodeReply.Released(0)),
                    granted);
        }
    }

    /**
     * Asks to be told when a lease of the resource is released on this node. A hint and no more: some may be lost, and whoever waits must go on by
     * itself without any.
     *
     * @param resource the name of what is locked
     * @param onRelease told the token of a lease that was released; called on a thread of the node's, where it must not block or throw
     * @return ends the telling
     */
    Watch watch(String resource, LongConsumer onRelease);

    /** A wish to be told, that can be taken back. */
    @FunctionalInterface
    interface Watch {
        /** Ends the telling; what is on its way may still arrive. Later calls do nothing. */
        void cancel();
    }

    /**
     * The node as a member of the cluster, whether or not it takes part.
     *
     * @return always the same
     */
    Membership membership();

    /** How a node comes to take part, and stops. No stage completes exceptionally; the verbs take effect on the process that was looked at last, or not at all. */
    interface Membership {
        /**
         * Whom to tell when the node has to be looked at: when it can be reached again, and when it answers that it is not what it was.
         *
         * @param look called on any thread; must not block or throw
         */
        void onAttention(Runnable look);

        /**
         * Looks at the node without changing anything.
         *
         * @return {@link NodeReply.Seen} or {@link NodeReply.Unavailable}
         */
        CompletionStage<NodeReply> look();

        /**
         * In one atomic step: if the marker is exactly as expected, and the process is the one that the next marker names, replaces it. Since when the node waits or takes part is taken from its own clock in that step; a node that is on
         * its way into another set keeps what the marker says.
         *
         * @param expected the text of the marker as it was seen; empty for none
         * @param next the marker to write
         * @return {@link NodeReply.Done}, {@link NodeReply.Forgotten} if the marker is another, or {@link NodeReply.Unavailable}
         */
        CompletionStage<NodeReply> exchange(String expected, NodeReply.Marker next);

        /**
         * In one atomic step, on a node that was admitted: if it knows of no view as late as this one, moves it to that view, and tells how far it has come.
         *
         * @param view the number of the view
         * @param longestMillis the longest lease that clients ask for; the marker keeps the largest
         * @return {@link NodeReply.Advanced}, {@link NodeReply.NewerView} if it is in that view or a later one, {@link NodeReply.Forgotten} or {@link NodeReply.Unavailable}
         */
        CompletionStage<NodeReply> advance(long view, long longestMillis);

        /**
         * Prepares the node for requests for as long as it is in this life.
         *
         * @param marker what the node was seen to say of itself
         * @return {@link NodeReply.Done}, {@link NodeReply.Forgotten} or {@link NodeReply.Unavailable}
         */
        CompletionStage<NodeReply> admit(NodeReply.Marker marker);

        /** Lets requests through to a node that was admitted. Does nothing otherwise. */
        void use();

        /**
         * Keeps requests from the node until it is admitted again.
         *
         * @param why what requests are answered with, for people
         */
        void hold(String why);
    }

    /** Frees what this node alone uses. Requests under way are answered {@link NodeReply.Unavailable}; later calls do nothing. */
    @Override
    void close();
}
