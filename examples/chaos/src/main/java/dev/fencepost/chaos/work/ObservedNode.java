package dev.fencepost.chaos.work;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/** Carries every request and every reply unchanged, writes down what the node did, and has points to stop at. */
final class ObservedNode implements LockNode {
    private final LockNode node;
    private final int index;
    private final Ballots ballots;
    private final Points points;

    ObservedNode(LockNode node, int index, Ballots ballots, Points points) {
        this.node = node;
        this.index = index;
        this.ballots = ballots;
        this.points = points;
    }

    @Override
    public String name() {
        return node.name();
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        ballots.sending(request.owner(), index);
        return node.grant(request, ttlMillis, floor).thenApply(reply -> observed(request, reply));
    }

    @Override
    public HandOver handOver(HeldLock before, NodeRequest request, long ttlMillis, long floor) {
        ballots.forget(before.owner());
        ballots.sending(request.owner(), index);
        HandOver both = node.handOver(before, request, ttlMillis, floor);
        return new HandOver(both.released(), both.granted().thenApply(reply -> observed(request, reply)));
    }

    private NodeReply observed(NodeRequest request, NodeReply reply) {
        if (reply instanceof NodeReply.Granted granted && ballots.granted(request, index, granted.token())) {
            points.reach(Point.AFTER_LAST_GRANT);
        }
        return reply;
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        points.reach(Point.BEFORE_CONFIRM);
        return node.raise(request, token).thenApply(reply -> {
            if (reply instanceof NodeReply.Done) {
                ballots.raised(request.owner(), index, token);
            }
            return reply;
        });
    }

    @Override
    public CompletionStage<List<NodeReply>> extend(List<HeldLock> locks, NodeRequest.View view, long ttlMillis) {
        return node.extend(locks, view, ttlMillis);
    }

    @Override
    public CompletionStage<NodeReply> restore(HeldLock lock, NodeRequest.View view, long ttlMillis) {
        return node.restore(lock, view, ttlMillis);
    }

    @Override
    public CompletionStage<NodeReply> release(HeldLock lock, boolean announce) {
        ballots.forget(lock.owner());
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
