package dev.fencepost.sim;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** A node in memory that answers at once. For one thread. */
final class SimulatedNode implements LockNode {
    private static final NodeReply CLOSED = new NodeReply.Unavailable("the client is closed");

    private final String name;
    private final SimulatedServer server;
    private final Map<String, Set<LongConsumer>> watchers = new HashMap<>();
    private boolean closed;

    SimulatedNode(String name, SimulatedServer server) {
        this.name = name;
        this.server = server;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        return answer(() -> server.grant(request, ttlMillis, floor));
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        return answer(() -> server.raise(request, token));
    }

    @Override
    public CompletionStage<List<NodeReply>> extend(List<HeldLock> locks, long ttlMillis) {
        return CompletableFuture.completedStage(locks.stream()
                .map(lock -> closed ? CLOSED : server.extend(lock, ttlMillis))
                .toList());
    }

    @Override
    public CompletionStage<NodeReply> restore(HeldLock lock, long ttlMillis) {
        return answer(() -> server.restore(lock, ttlMillis));
    }

    @Override
    public CompletionStage<NodeReply> release(HeldLock lock, boolean announce) {
        return answer(() -> server.release(lock, announce));
    }

    @Override
    public Watch watch(String resource, LongConsumer onRelease) {
        LongConsumer watcher = token -> onRelease.accept(token);
        watchers.computeIfAbsent(resource, name -> new HashSet<>()).add(watcher);
        server.subscribe(
                this, resource, token -> List.copyOf(watchers.get(resource)).forEach(each -> each.accept(token)));
        return () -> {
            Set<LongConsumer> others = watchers.get(resource);
            if (others.remove(watcher) && others.isEmpty()) {
                server.unsubscribe(this, resource);
            }
        };
    }

    @Override
    public void close() {
        closed = true;
        server.unsubscribe(this);
    }

    private CompletionStage<NodeReply> answer(Supplier<NodeReply> verb) {
        return CompletableFuture.completedStage(closed ? CLOSED : verb.get());
    }
}
