package dev.fencepost.sim;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.NodeRequest.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * A node as one process sees it: a connection that keeps the requests of each owner in order for as long as it lives, and no others, and that the network treats as it likes.
 */
final class RemoteNode implements LockNode {
    private final Simulation world;
    private final ClientProcess process;
    private final NodeHost host;
    private final Map<String, Long> lastArrivals = new HashMap<>();
    private final Set<RemoteRequest<?>> unanswered = new LinkedHashSet<>();
    private final Map<String, Set<LongConsumer>> watchers = new LinkedHashMap<>();
    private int connection;
    private long upAt;
    private long requestsLostUntil;
    private long repliesLostUntil;
    private final SimulatedMembership membership;

    RemoteNode(Simulation world, ClientProcess process, NodeHost host) {
        this.world = world;
        this.process = process;
        this.host = host;
        this.membership =
                new SimulatedMembership(host.server(), effect -> send(List.of(""), effect, NodeReply.Unavailable::new));
    }

    @Override
    public String name() {
        return host.name();
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        world.monitor().began(process, request, ttlMillis);
        String on = connectionKey();
        return inLife(
                request.view(),
                List.of(request.owner()),
                in -> host.grant(in, request, new NodeHost.Wish(ttlMillis, floor), on));
    }

    @Override
    public HandOver handOver(HeldLock before, NodeRequest request, long ttlMillis, long floor) {
        if (isElsewhere(request.view())) {
            return LockNode.super.handOver(before, request, ttlMillis, floor);
        }
        world.monitor().began(process, request, ttlMillis);
        String on = connectionKey();
        return HandOver.inOneStep(inLife(request.view(), List.of(before.owner(), request.owner()), in -> {
            host.release(in, before, false, on);
            return host.grant(in, request, new NodeHost.Wish(ttlMillis, floor), on);
        }));
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        return inLife(request.view(), List.of(request.owner()), in -> host.raise(in, request, token));
    }

    @Override
    public CompletionStage<List<NodeReply>> extend(List<HeldLock> locks, View view, long ttlMillis) {
        locks.forEach(lock -> world.monitor().extending(process, lock, ttlMillis));
        Optional<Marker> life =
                membership.inUse().filter(in -> in.identity().epoch().equals(view.epoch()));
        if (life.isEmpty()) {
            return CompletableFuture.completedStage(Collections.nCopies(locks.size(), membership.whyNot()));
        }
        Marker in = life.get();
        CompletionStage<List<NodeReply>> replies = send(
                locks.stream().map(HeldLock::owner).toList(),
                () -> locks.stream()
                        .map(lock -> host.extend(in, lock, view, ttlMillis))
                        .toList(),
                reason -> Collections.nCopies(locks.size(), new NodeReply.Unavailable(reason)));
        return replies.whenComplete((all, failure) -> membership.answered(in, all.get(0)));
    }

    @Override
    public CompletionStage<NodeReply> restore(HeldLock lock, View view, long ttlMillis) {
        return inLife(view, List.of(lock.owner()), in -> host.restore(in, lock, view, ttlMillis));
    }

    @Override
    public CompletionStage<NodeReply> release(HeldLock lock, boolean announce) {
        String on = connectionKey();
        String order = world.scenario().mutant() == Mutant.RELEASE_OVERTAKES ? lock.owner() + "!" : lock.owner();
        return inLife(View.NONE, List.of(order), in -> host.release(in, lock, announce, on));
    }

    @Override
    public Watch watch(String resource, LongConsumer onRelease) {
        LongConsumer watcher = token -> onRelease.accept(token);
        boolean first = watchers.computeIfAbsent(resource, name -> new LinkedHashSet<>())
                .isEmpty();
        watchers.get(resource).add(watcher);
        if (first) {
            subscribe(resource);
        }
        return () -> {
            Set<LongConsumer> others = watchers.get(resource);
            if (others.remove(watcher) && others.isEmpty()) {
                tell(resource, () -> host.server().unsubscribe(this, resource));
            }
        };
    }

    @Override
    public Membership membership() {
        return membership;
    }

    /** The node can be reached for the first time. */
    void connect() {
        membership.connected();
    }

    /** Whether it is the connection of this process. */
    boolean isOf(ClientProcess other) {
        return process == other;
    }

    /** Whether it is a connection to this node. */
    boolean isTo(NodeHost other) {
        return host == other;
    }

    @Override
    public void close() {
        cut(Long.MAX_VALUE);
    }

    /** The connection breaks, and another one is there from then on. What is on its way may still arrive. */
    void cut(long back) {
        connection++;
        upAt = Math.max(upAt, back);
        lastArrivals.clear();
        host.server().unsubscribe(this);
        membership.lost("the connection was lost");
        List<RemoteRequest<?>> lost = new ArrayList<>(unanswered);
        unanswered.clear();
        for (RemoteRequest<?> request : lost) {
            request.dropped = world.random().nextBoolean();
            process.at(world.loop().now() + world.network().delay(), () -> request.fail("the connection was lost"));
        }
        if (back < Long.MAX_VALUE) {
            int on = connection;
            process.at(upAt, () -> {
                if (on == connection) {
                    connected();
                }
            });
        }
    }

    private void connected() {
        membership.connected();
        watchers.forEach((resource, those) -> {
            if (!those.isEmpty()) {
                subscribe(resource);
            }
        });
    }

    /** Everything in one direction is lost for a while. */
    void loseOneWay(boolean requests, long until) {
        if (requests) {
            requestsLostUntil = until;
        } else {
            repliesLostUntil = until;
        }
    }

    private CompletionStage<NodeReply> inLife(View view, List<String> order, Function<Marker, NodeReply> effect) {
        Optional<Marker> life = membership.inUse();
        if (life.isEmpty() || isElsewhere(view)) {
            return CompletableFuture.completedStage(membership.whyNot());
        }
        Marker in = life.get();
        return send(order, () -> effect.apply(in), NodeReply.Unavailable::new).thenApply(reply -> {
            membership.answered(in, reply);
            return reply;
        });
    }

    /** Whether this is a view of another epoch than the node's. */
    private boolean isElsewhere(View view) {
        return !view.equals(View.NONE)
                && membership
                        .inUse()
                        .filter(in -> in.identity().epoch().equals(view.epoch()))
                        .isEmpty();
    }

    private <R> CompletionStage<R> send(List<String> order, Supplier<R> effect, Function<String, R> failure) {
        process.mayStall();
        long now = process.instant();
        if (now < upAt || host.isDown()) {
            return CompletableFuture.completedStage(failure.apply("not connected"));
        }
        RemoteRequest<R> request = new RemoteRequest<>(connection, effect, failure);
        unanswered.add(request);
        long arrival = arrival(order, now + world.network().delay());
        if (now >= requestsLostUntil && !world.network().losesRequest()) {
            world.loop().at(arrival, () -> arrive(request));
        }
        if (world.network().duplicates()) {
            world.loop().at(arrival + world.network().lateDelay(), () -> arrive(request));
        }
        return request.stage;
    }

    /** When a message gets there that may not overtake others. */
    private long arrival(List<String> order, long earliest) {
        long arrival = earliest;
        for (String owner : order) {
            arrival = Math.max(arrival, lastArrivals.getOrDefault(owner, 0L) + 1);
        }
        for (String owner : order) {
            lastArrivals.put(owner, arrival);
        }
        return arrival;
    }

    private <R> void arrive(RemoteRequest<R> request) {
        if (host.isDown() || request.dropped) {
            return;
        }
        R reply = request.effect.get();
        if (world.loop().now() < repliesLostUntil || world.network().losesReply()) {
            return;
        }
        process.at(world.loop().now() + world.network().delay(), () -> {
            if (request.connection == connection) {
                unanswered.remove(request);
                request.stage.complete(reply);
            }
        });
    }

    private void subscribe(String resource) {
        tell(resource, () -> host.server().subscribe(this, resource, token -> announced(resource, token)));
    }

    /** Subscriptions have a connection of their own, in order; what was on its way when it broke never arrives. */
    private void tell(String resource, Runnable effect) {
        int on = connection;
        if (process.instant() < upAt || host.isDown()) {
            return;
        }
        long arrival = arrival(
                List.of("watch " + resource),
                process.instant() + world.network().delay());
        world.loop().at(arrival, () -> {
            if (on == connection && !host.isDown() && !process.isDead()) {
                effect.run();
            }
        });
    }

    private void announced(String resource, long token) {
        if (world.loop().now() < repliesLostUntil || world.network().losesReply()) {
            return;
        }
        process.at(
                world.loop().now() + world.network().delay(),
                () -> List.copyOf(watchers.get(resource)).forEach(watcher -> watcher.accept(token)));
    }

    /** Tells connections apart, of all processes. */
    private String connectionKey() {
        return process + "/" + connection;
    }
}
