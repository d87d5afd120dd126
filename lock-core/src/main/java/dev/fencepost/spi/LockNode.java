package dev.fencepost.spi;

import java.util.concurrent.CompletionStage;

/**
 * The port to one node of the quorum. A node keeps, for each resource, at most one lock (an owner and a time to live) and a counter
 * that never falls, and each verb acts on both in one atomic step.
 *
 * <p>No decision of the protocol is taken behind this port: it carries requests to a node and replies back.
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
     * If the resource is free, locks it for the owner, raises the counter to the floor and adds one to it. If the owner holds it already, adds
     * one to the counter again (a value that was once returned must not be returned again, since the release of somebody else may have lifted the
     * counter meanwhile).
     *
     * @param request who wants which resource, in which view
     * @param ttlMillis how long the lock lives on the node, in milliseconds
     * @param floor what the counter must have passed: the result is larger than this; 0 for no demand
     * @return {@link NodeReply.Granted}, {@link NodeReply.Held}, {@link NodeReply.NewerView}, {@link NodeReply.Exhausted} or {@link
     *     NodeReply.Unavailable}
     */
    CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor);

    /**
     * If, and only if, the owner still holds the resource, raises the counter to the token.
     *
     * @param request whose lock, in which view
     * @param token what the counter is to be at least
     * @return {@link NodeReply.Done}, {@link NodeReply.NotHeld}, {@link NodeReply.NewerView} or {@link NodeReply.Unavailable}
     */
    CompletionStage<NodeReply> raise(NodeRequest request, long token);

    /**
     * If the owner still holds the resource, makes the lock live at least as long as asked for, and lifts a counter that lags behind the token.
     * Never shortens a lock. Makes no token, and so is right in any view.
     *
     * @param request whose lock
     * @param ttlMillis how long the lock is to live from now, in milliseconds
     * @param token the token of the lease
     * @return {@link NodeReply.Done}, {@link NodeReply.NotHeld} or {@link NodeReply.Unavailable}
     */
    CompletionStage<NodeReply> extend(NodeRequest request, long ttlMillis, long token);

    /**
     * If the owner still holds the resource, frees it; in any case lifts a counter that lags behind the token. Right in any view.
     *
     * @param request whose lock
     * @param token the token of the lease, or 0 when the attempt came to none
     * @return {@link NodeReply.Done}, {@link NodeReply.NotHeld} or {@link NodeReply.Unavailable}
     */
    CompletionStage<NodeReply> release(NodeRequest request, long token);

    /** Frees what this node alone uses. Requests under way are answered {@link NodeReply.Unavailable}; later calls do nothing. */
    @Override
    void close();
}
