package dev.fencepost.bench;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/** A node that costs nothing: it answers at once that the resource is free. For one caller that takes one lock at a time. */
final class InstantNode implements LockNode {
    private final String name;
    private final InstantMembership membership = new InstantMembership();
    private long counter;

    InstantNode(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        counter += request.tokens();
        return CompletableFuture.completedStage(new NodeReply.Granted(counter));
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        counter = Math.max(counter, token);
        return done();
    }

    @Override
    public CompletionStage<List<NodeReply>> extend(List<HeldLock> locks, NodeRequest.View view, long ttlMillis) {
        return CompletableFuture.completedStage(Collections.nCopies(locks.size(), NodeReply.Done.INSTANCE));
    }

    @Override
    public CompletionStage<NodeReply> restore(HeldLock lock, NodeRequest.View view, long ttlMillis) {
        return done();
    }

    @Override
    public CompletionStage<NodeReply> release(HeldLock lock, boolean announce) {
        return CompletableFuture.completedStage(new NodeReply.Released(0));
    }

    @Override
    public Watch watch(String resource, LongConsumer onRelease) {
        return () -> {};
    }

    @Override
    public Membership membership() {
        return membership;
    }

    @Override
    public void close() {}

    private static CompletionStage<NodeReply> done() {
        return CompletableFuture.completedStage(NodeReply.Done.INSTANCE);
    }
}
