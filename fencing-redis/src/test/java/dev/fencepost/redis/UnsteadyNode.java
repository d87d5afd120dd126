package dev.fencepost.redis;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.NodeRequest.View;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** A real node behind a bad network: what it answers comes late, in another order, or not at all; what it is asked may never reach it. */
final class UnsteadyNode implements LockNode {
    private static final int LOST_PER_CENT = 4;

    private final LockNode node;
    private final Faults faults;
    private final Tampering.Verbs verbs;
    private final TokenHistory.Recorder recorder;
    private final Map<String, CompletionStage<Void>> arrivals = new ConcurrentHashMap<>();

    /** Where the misfortune comes from. */
    record Faults(Random random) {
        boolean happens(int perCent) {
            return random.nextInt(100) < perCent;
        }

        /** Replies are seldom late, and then by little. */
        <T> CompletionStage<T> lateReply(CompletionStage<T> reply) {
            return happens(30) ? later(reply, random.nextInt(5_000)) : reply;
        }

        /** Requests are often late, and then so much that others come and go meanwhile. */
        CompletionStage<Void> lateArrival() {
            CompletionStage<Void> now = CompletableFuture.completedStage(null);
            return happens(50) ? later(now, 5_000 + random.nextInt(40_000)) : now;
        }

        private static <T> CompletionStage<T> later(CompletionStage<T> stage, int micros) {
            return stage.thenApplyAsync(
                    value -> value, CompletableFuture.delayedExecutor(micros, TimeUnit.MICROSECONDS));
        }
    }

    UnsteadyNode(LockNode node, Faults faults, Tampering.Verbs verbs, TokenHistory.Recorder recorder) {
        this.node = node;
        this.faults = faults;
        this.verbs = verbs;
        this.recorder = recorder;
    }

    @Override
    public String name() {
        return node.name();
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        if (faults.happens(LOST_PER_CENT)) {
            return new CompletableFuture<>();
        }
        CompletionStage<Void> arrival = faults.lateArrival();
        arrivals.put(request.owner(), arrival);
        CompletionStage<NodeReply> reply = arrival.thenCompose(arrived -> node.grant(request, ttlMillis, floor))
                .thenApply(answer -> {
                    recorder.granted(request, answer);
                    return answer;
                });
        return faults.happens(LOST_PER_CENT)
                ? new CompletableFuture<>()
                : faults.lateReply(reply).thenApply(answer -> verbs.grantReply(request, answer));
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        return faults.lateReply(afterGrant(request.owner())
                .thenCompose(arrived -> verbs.raise(node, request, token))
                .thenApply(answer -> {
                    recorder.raised(request, token, answer);
                    return answer;
                }));
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
        return faults.happens(LOST_PER_CENT)
                ? new CompletableFuture<>()
                : afterGrant(lock.owner()).thenCompose(arrived -> node.release(lock, announce));
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

    /** The port promises that requests of one owner keep their order. */
    private CompletionStage<Void> afterGrant(String owner) {
        return arrivals.getOrDefault(owner, CompletableFuture.completedStage(null));
    }
}
