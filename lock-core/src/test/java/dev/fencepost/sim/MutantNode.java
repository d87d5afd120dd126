package dev.fencepost.sim;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.NodeRequest.View;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/** Lies to the client about what a node did. */
final class MutantNode implements LockNode {
    private final LockNode node;
    private final GrantsSeen seen;
    private final boolean capping;

    /**
     * Makes the liar.
     *
     * @param capping whether to show grants that come after the token is fixed as no larger than that; otherwise every raise is said to be done without being asked for
     */
    MutantNode(LockNode node, GrantsSeen seen, boolean capping) {
        this.node = node;
        this.seen = seen;
        this.capping = capping;
    }

    @Override
    public String name() {
        return node.name();
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        return node.grant(request, ttlMillis, floor)
                .thenApply(reply -> capping && reply instanceof NodeReply.Granted granted
                        ? new NodeReply.Granted(seen.capped(request.owner(), granted.token()))
                        : reply);
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        return capping ? node.raise(request, token) : CompletableFuture.completedStage(NodeReply.Done.INSTANCE);
    }

    @Override
    public CompletionStage<List<NodeReply>> extend(List<HeldLock> locks, View view, long ttlMillis) {
        return node.extend(locks, view, ttlMillis);
    }

    @Override
    public CompletionStage<NodeReply> restore(HeldLock lock, View view, long ttlMillis) {
        return node.restore(lock, view, ttlMillis);
    }

    @Override
    public CompletionStage<NodeReply> release(HeldLock lock, boolean announce) {
        return node.release(lock, announce);
    }

    @Override
    public Watch watch(String resource, LongConsumer onRelease) {
        return node.watch(resource, onRelease);
    }

    @Override
    public Membership membership() {
        return node.membership();
    }

    @Override
    public void close() {
        node.close();
    }
}
