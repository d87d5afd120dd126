package dev.fencepost.internal;

import dev.fencepost.spi.Environment;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The nodes of a client, and what is the same for every request to them. Safe for use by many threads. */
final class Quorum {
    private static final int NONCE_BYTES = 16;

    private final List<LockNode> nodes;
    private final LockSettings settings;
    private final Environment environment;
    /** The newest view that any node has named. Only grows. */
    private final AtomicLong view = new AtomicLong();

    private final Drain releases = new Drain();

    Quorum(List<LockNode> nodes, LockSettings settings, Environment environment) {
        this.nodes = List.copyOf(nodes);
        this.settings = settings;
        this.environment = environment;
    }

    int size() {
        return nodes.size();
    }

    LockSettings settings() {
        return settings;
    }

    Environment environment() {
        return environment;
    }

    long nanoTime() {
        return environment.nanoTime().getAsLong();
    }

    /** A request under a fresh owner, in the newest view known. */
    NodeRequest newRequest(String resource) {
        byte[] nonce = new byte[NONCE_BYTES];
        environment.nonces().nextBytes(nonce);
        return new NodeRequest(resource, HexFormat.of().formatHex(nonce), view.get());
    }

    void learnView(long seen) {
        view.accumulateAndGet(seen, Math::max);
    }

    CompletionStage<NodeReply> grant(int node, NodeRequest request, long ttlMillis, long floor) {
        return total(nodes.get(node).grant(request, ttlMillis, floor));
    }

    CompletionStage<NodeReply> raise(int node, NodeRequest request, long token) {
        return total(nodes.get(node).raise(request, token));
    }

    CompletionStage<NodeReply> extend(int node, NodeRequest request, long ttlMillis, long token) {
        return total(nodes.get(node).extend(request, ttlMillis, token));
    }

    /** Sends a release to every node that may hold something for the request; nobody has to wait for it. */
    void release(NodeRequest request, long token, IntPredicate mayHold) {
        for (int i = 0; i < nodes.size(); i++) {
            if (mayHold.test(i)) {
                releases.begin();
                total(nodes.get(i).release(request, token)).thenRun(releases::end);
            }
        }
    }

    /** Completes when every node has answered every release sent so far, or after the node timeout. */
    CompletableFuture<Void> released() {
        CompletableFuture<Void> all = releases.whenEmpty();
        environment.scheduler().schedule(settings.nodeTimeout(), () -> all.complete(null));
        return all;
    }

    /** What to tell people about the nodes that did not take part. */
    Map<String, String> named(@Nullable String[] reasons) {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            String reason = reasons[i];
            if (reason != null) {
                named.put(nodes.get(i).name(), reason);
            }
        }
        return named;
    }

    String noAnswer() {
        Duration timeout = settings.nodeTimeout();
        return "no answer within " + timeout.toMillis() + " ms";
    }

    void closeNodes() {
        nodes.forEach(LockNode::close);
    }

    /** The port forbids failed stages; should an adapter break that, its node is silent, and the attempt goes on. */
    private static CompletionStage<NodeReply> total(CompletionStage<NodeReply> reply) {
        return reply.exceptionally(failure -> new NodeReply.Unavailable("failed: " + failure));
    }
}
