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

/** Lies to the client about what a node did, or does not do all of it. */
final class MutantNode implements LockNode {
    private final LockNode node;
    private final GrantsSeen seen;
    private final Mutant mutant;

    MutantNode(LockNode node, GrantsSeen seen, Mutant mutant) {
        this.node = node;
        this.seen = seen;
        this.mutant = mutant;
    }

    @Override
    public String name() {
        return node.name();
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        return node.grant(request, ttlMillis, floor)
                .thenApply(reply -> reply instanceof NodeReply.Granted granted
                        ? new NodeReply.Granted(told(request, granted.token()))
                        : reply);
    }

    private long told(NodeRequest request, long granted) {
        return switch (mutant) {
            case LATE_LARGER_GRANT_COUNTS -> seen.capped(request.owner(), granted);
            case TOKENS_UPWARD -> granted + request.tokens() - 1;
            default -> granted;
        };
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        boolean raises = liesAboutGrants() || mutant == Mutant.DEAF;
        return raises ? node.raise(request, token) : CompletableFuture.completedStage(NodeReply.Done.INSTANCE);
    }

    private boolean liesAboutGrants() {
        return mutant == Mutant.LATE_LARGER_GRANT_COUNTS || mutant == Mutant.TOKENS_UPWARD;
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

    /** A client whose nodes tell no lies about grants is to hand over as usual. */
    @Override
    public HandOver handOver(HeldLock before, NodeRequest request, long ttlMillis, long floor) {
        return liesAboutGrants()
                ? LockNode.super.handOver(before, request, ttlMillis, floor)
                : node.handOver(before, request, ttlMillis, floor);
    }

    @Override
    public Watch watch(String resource, LongConsumer onRelease) {
        return mutant == Mutant.DEAF ? () -> {} : node.watch(resource, onRelease);
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
