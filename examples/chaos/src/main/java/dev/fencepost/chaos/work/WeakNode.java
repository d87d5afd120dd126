package dev.fencepost.chaos.work;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * A node of a control: reached by a weakened rule, and through a network on which many requests are late and some are lost, so that attempts meet different
 * majorities. It lies to a real client; the client itself is the product's.
 */
final class WeakNode implements LockNode {
    private static final int LOST_PER_CENT = 4;
    private static final int LATE_PER_CENT = 50;
    private static final int LATEST_MICROS = 40_000;

    private final LockNode node;
    private final Rule rule;
    private final Random random;
    private final Map<String, CompletionStage<Void>> arrivals = new ConcurrentHashMap<>();

    WeakNode(LockNode node, Rule rule, long seed) {
        this.node = node;
        this.rule = rule;
        this.random = new Random(seed);
    }

    @Override
    public String name() {
        return node.name();
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        if (happens(LOST_PER_CENT)) {
            return new CompletableFuture<>();
        }
        CompletionStage<Void> arrival = arrival();
        arrivals.put(request.owner(), arrival);
        return arrival.thenCompose(arrived -> rule.grant(node, request, ttlMillis, floor));
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        return afterGrant(request.owner()).thenCompose(arrived -> rule.raise(node, request, token));
    }

    @Override
    public CompletionStage<List<NodeReply>> extend(List<HeldLock> locks, NodeRequest.View view, long ttlMillis) {
        return node.extend(locks, view, ttlMillis);
    }

    @Override
    public CompletionStage<NodeReply> restore(HeldLock lock, NodeRequest.View view, long ttlMillis) {
        return node.restore(lock, view, ttlMillis);
    }

    /** The port promises that requests of one owner keep their order. */
    @Override
    public CompletionStage<NodeReply> release(HeldLock lock, boolean announce) {
        CompletionStage<Void> arrival = afterGrant(lock.owner());
        arrivals.remove(lock.owner());
        return arrival.thenCompose(arrived -> node.release(lock, announce));
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

    private CompletionStage<Void> afterGrant(String owner) {
        return arrivals.getOrDefault(owner, CompletableFuture.completedStage(null));
    }

    private CompletionStage<Void> arrival() {
        return happens(LATE_PER_CENT)
                ? new CompletableFuture<Void>()
                        .completeOnTimeout(null, random.nextInt(LATEST_MICROS), TimeUnit.MICROSECONDS)
                : CompletableFuture.completedFuture(null);
    }

    private boolean happens(int perCent) {
        return random.nextInt(100) < perCent;
    }
}
