package dev.fencepost.sim;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A node in the simulation: the server, whether it is up, and who watches what each request does to it. */
final class NodeHost {
    private final Simulation world;
    private final int number;
    private final SimulatedClock clock = new SimulatedClock();
    private final SimulatedServer server;
    /** Which attempts were released, on which connection. */
    private final Set<String> released = new HashSet<>();

    private Map<String, Long> oldCounters = Map.of();
    private Map<String, SimulatedServer.Lock> oldLocks = Map.of();
    private boolean down;

    /** What a request did. */
    record Change(
            String resource,
            String owner,
            Optional<SimulatedServer.Lock> before,
            Optional<SimulatedServer.Lock> after,
            Counter counter) {}

    /** Where the counter stood before and after. */
    record Counter(long before, long after) {}

    NodeHost(Simulation world, int number) {
        this.world = world;
        this.number = number;
        this.server =
                world.scenario().mutant().server(() -> clock.read(world.loop().now()));
    }

    String name() {
        return "node-" + number;
    }

    int number() {
        return number;
    }

    SimulatedServer server() {
        return server;
    }

    SimulatedClock clock() {
        return clock;
    }

    boolean isDown() {
        return down;
    }

    void stop() {
        down = true;
    }

    void start() {
        down = false;
    }

    /** Takes down what the server knows, as a snapshot on a disk does. */
    void remember() {
        oldCounters = new HashMap<>(server.counters);
        oldLocks = new HashMap<>(server.locks);
    }

    /** Puts the server back to what was taken down. */
    void forget() {
        server.counters.clear();
        server.counters.putAll(oldCounters);
        server.locks.clear();
        server.locks.putAll(oldLocks);
        world.monitor().holds().forgot(number);
    }

    /** Ends a lock before its time. */
    void expire(String resource) {
        server.locks.remove(resource);
    }

    NodeReply grant(NodeRequest request, long ttlMillis, long floor, String connection) {
        if (world.network().expiresEarly()) {
            expire(request.resource());
        }
        NodeReply reply = watched(request.resource(), request.owner(), () -> server.grant(request, ttlMillis, floor));
        boolean late = reply instanceof NodeReply.Granted && released.contains(request.owner() + connection);
        if (late && !world.scenario().faults().contains(Fault.DUPLICATES)) {
            world.monitor()
                    .fail(Invariant.RELEASE_LAST, name() + " was released for " + request + " before it granted");
        }
        return reply;
    }

    NodeReply raise(NodeRequest request, long token) {
        return watched(request.resource(), request.owner(), () -> server.raise(request, token));
    }

    NodeReply extend(HeldLock lock, long ttlMillis) {
        return watched(lock.resource(), lock.owner(), () -> server.extend(lock, ttlMillis));
    }

    NodeReply restore(HeldLock lock, long ttlMillis) {
        return watched(lock.resource(), lock.owner(), () -> server.restore(lock, ttlMillis));
    }

    NodeReply release(HeldLock lock, boolean announce, String connection) {
        released.add(lock.owner() + connection);
        return watched(lock.resource(), lock.owner(), () -> server.release(lock, announce));
    }

    private NodeReply watched(String resource, String owner, Supplier<NodeReply> verb) {
        Optional<SimulatedServer.Lock> before = server.lock(resource);
        long counter = server.counter(resource);
        NodeReply reply = verb.get();
        Optional<SimulatedServer.Lock> after = server.lock(resource);
        Counter moved = new Counter(counter, server.counter(resource));
        world.monitor().holds().changed(number, new Change(resource, owner, before, after, moved));
        world.trace(() -> name() + " " + resource + " " + owner.substring(0, 4) + " -> " + reply + " (counter "
                + moved.after() + ")");
        return reply;
    }
}
