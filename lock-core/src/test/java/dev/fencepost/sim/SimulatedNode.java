package dev.fencepost.sim;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.NodeRequest.View;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** A node in memory that answers at once. For one thread. */
final class SimulatedNode implements LockNode {
    private static final NodeReply CLOSED = new NodeReply.Unavailable("the client is closed");

    private static final NodeReply OTHER_EPOCH = new NodeReply.Unavailable("it is in another epoch");

    private final String name;
    private final SimulatedServer server;
    private final SimulatedMembership membership;
    private final Map<String, Set<LongConsumer>> watchers = new HashMap<>();
    private boolean closed;

    SimulatedNode(String name, SimulatedServer server) {
        this.name = name;
        this.server = server;
        this.membership = new SimulatedMembership(
                server, effect -> CompletableFuture.completedStage(closed ? CLOSED : effect.get()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        return inEpoch(request.view(), in -> server.grant(in, request, ttlMillis, floor));
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        return inEpoch(request.view(), in -> server.raise(in, request, token));
    }

    @Override
    public CompletionStage<List<NodeReply>> extend(List<HeldLock> locks, View view, long ttlMillis) {
        boolean other = membership
                .inUse()
                .filter(in -> !in.identity().epoch().equals(view.epoch()))
                .isPresent();
        return CompletableFuture.completedStage(locks.stream()
                .map(lock -> other ? OTHER_EPOCH : reply(in -> server.extend(in, lock, view, ttlMillis)))
                .toList());
    }

    @Override
    public CompletionStage<NodeReply> restore(HeldLock lock, View view, long ttlMillis) {
        return inEpoch(view, in -> server.restore(in, lock, view, ttlMillis));
    }

    @Override
    public CompletionStage<NodeReply> release(HeldLock lock, boolean announce) {
        return answer(in -> server.release(in, lock, announce));
    }

    @Override
    public HandOver handOver(HeldLock before, NodeRequest request, long ttlMillis, long floor) {
        return HandOver.inOneStep(inEpoch(request.view(), in -> {
            server.release(in, before, false);
            return server.grant(in, request, ttlMillis, floor);
        }));
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
    public Membership membership() {
        return membership;
    }

    @Override
    public void close() {
        closed = true;
        server.unsubscribe(this);
    }

    private CompletionStage<NodeReply> inEpoch(View view, Function<Marker, NodeReply> verb) {
        boolean other = membership
                .inUse()
                .filter(in -> !in.identity().epoch().equals(view.epoch()))
                .isPresent();
        return other ? CompletableFuture.completedStage(OTHER_EPOCH) : answer(verb);
    }

    private CompletionStage<NodeReply> answer(Function<Marker, NodeReply> verb) {
        return CompletableFuture.completedStage(reply(verb));
    }

    private NodeReply reply(Function<Marker, NodeReply> verb) {
        Optional<Marker> in = membership.inUse();
        if (closed || in.isEmpty()) {
            return closed ? CLOSED : membership.whyNot();
        }
        NodeReply reply = verb.apply(in.get());
        membership.answered(in.get(), reply);
        return reply;
    }
}
