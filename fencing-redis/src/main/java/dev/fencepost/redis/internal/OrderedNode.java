package dev.fencepost.redis.internal;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.NodeRequest.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * A node over connections that keep no order: what is asked for an owner is sent when everything that was asked for it before has been answered or has failed. So a release cannot overtake
 * its grant.
 *
 * <p>The monitor guards the map, and nothing is sent or completed under it.
 */
final class OrderedNode implements LockNode {
    private final LockNode node;
    /** By owner what was asked last, until it is answered. */
    private final Map<String, Asked<?>> last = new HashMap<>();

    /** Something that was asked, told apart by identity. */
    private static final class Asked<R> {
        private final CompletableFuture<R> reply = new CompletableFuture<>();
    }

    OrderedNode(LockNode node) {
        this.node = node;
    }

    @Override
    public String name() {
        return node.name();
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        return inOrder(List.of(request.owner()), () -> node.grant(request, ttlMillis, floor));
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        return inOrder(List.of(request.owner()), () -> node.raise(request, token));
    }

    @Override
    public CompletionStage<List<NodeReply>> extend(List<HeldLock> locks, View view, long ttlMillis) {
        return inOrder(locks.stream().map(HeldLock::owner).toList(), () -> node.extend(locks, view, ttlMillis));
    }

    @Override
    public CompletionStage<NodeReply> restore(HeldLock lock, View view, long ttlMillis) {
        return inOrder(List.of(lock.owner()), () -> node.restore(lock, view, ttlMillis));
    }

    @Override
    public CompletionStage<NodeReply> release(HeldLock lock, boolean announce) {
        return inOrder(List.of(lock.owner()), () -> node.release(lock, announce));
    }

    /** Connections that keep no order could have the grant arrive ahead of the release, and be refused: in one step it cannot. */
    @Override
    public HandOver handOver(HeldLock before, NodeRequest request, long ttlMillis, long floor) {
        return HandOver.inOneStep(inOrder(
                List.of(before.owner(), request.owner()),
                () -> node.handOver(before, request, ttlMillis, floor).granted()));
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

    private <R> CompletionStage<R> inOrder(List<String> owners, Supplier<CompletionStage<R>> send) {
        Asked<R> asked = new Asked<>();
        CompletableFuture<?>[] earlier;
        synchronized (this) {
            earlier = owners.stream()
                    .map(last::get)
                    .filter(Objects::nonNull)
                    .map(before -> before.reply)
                    .toArray(CompletableFuture[]::new);
            owners.forEach(owner -> last.put(owner, asked));
        }
        CompletionStage<R> reply = asked.reply;
        reply.whenComplete((answer, failure) -> forget(owners, asked));
        CompletionStage<Void> turn = CompletableFuture.allOf(earlier);
        turn.whenComplete((done, ignored) -> send.get().whenComplete((answer, failure) -> {
            if (failure == null) {
                asked.reply.complete(answer);
            } else {
                asked.reply.completeExceptionally(failure);
            }
        }));
        return reply;
    }

    private synchronized void forget(List<String> owners, Asked<?> answered) {
        owners.forEach(owner -> last.remove(owner, answered));
    }
}
