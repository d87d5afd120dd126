package dev.fencepost.sim;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.NodeRequest.View;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
    private Optional<Marker> oldMarker = Optional.empty();
    private boolean down;

    /** What a request did. */
    record Change(
            String resource,
            String owner,
            Optional<SimulatedServer.Lock> before,
            Optional<SimulatedServer.Lock> after,
            Counter counter) {}

    /** What a grant is asked for. */
    record Wish(long ttlMillis, long floor) {}

    /** Where the counter stood before and after, and the first of the numbers that were taken from it, if any were. */
    record Counter(long before, long after, OptionalLong first) {}

    NodeHost(Simulation world, int number) {
        this.world = world;
        this.number = number;
        this.server =
                world.scenario().mutant().server(() -> clock.read(world.loop().now()));
        server.whenMarked(marker -> {
            world.trace(() -> name() + " says that it is " + marker.text());
            if (marker.ready()) {
                world.monitor().holds().founded(marker);
            } else if (!marker.isMoving() && world.has(Fault.LEAPS)) {
                clock.jump(Timing.LONGEST_LEASE);
            }
        });
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
        oldMarker = server.marker;
    }

    /** Whether it takes part, and is what its marker says. */
    boolean isReady() {
        return !down
                && server.marker
                        .filter(marker ->
                                marker.ready() && marker.identity().process().equals(server.process()))
                        .isPresent();
    }

    /**
     * Puts the server back to what was taken down, or to nothing.
     *
     * @param restarts whether it is another process afterwards; otherwise it was flushed
     */
    void forget(boolean everything, boolean restarts) {
        boolean blind = world.scenario().mutant() == Mutant.BLIND_REJOIN;
        server.counters.clear();
        server.locks.clear();
        if (!everything && restarts) {
            server.counters.putAll(oldCounters);
            server.locks.putAll(oldLocks);
        }
        server.marker = blind ? server.marker : everything || !restarts ? Optional.empty() : oldMarker;
        if (restarts && !blind) {
            server.restart();
            long back = world.loop().now() + world.network().delay();
            world.linksTo(this).forEach(link -> link.cut(back));
        }
        world.trace(() -> name() + " has forgotten " + (everything ? "everything" : "what is new"));
        world.monitor().holds().forgot(number);
    }

    /** Has counters go away that stay as they are until then, after all counters start from where they are now. Each write of a counter makes it larger. */
    void letUnusedGo(long then) {
        if (!isReady()) {
            return;
        }
        Map<String, Long> unused = new HashMap<>(server.counters);
        unused.keySet().removeIf(resource -> server.lock(resource).isPresent());
        server.startFrom(unused.values().stream().reduce(0L, Math::max));
        world.loop().at(then, () -> unused.forEach(server.counters::remove));
    }

    /** Ends a lock before its time. */
    void expire(String resource) {
        server.locks.remove(resource);
    }

    NodeReply grant(Marker in, NodeRequest request, Wish wish, String connection) {
        if (world.network().expiresEarly()) {
            expire(request.resource());
        }
        NodeReply reply = watched(request, () -> server.grant(in, request, wish.ttlMillis, wish.floor));
        boolean late = reply instanceof NodeReply.Granted && released.contains(request.owner() + connection);
        if (late && !world.scenario().faults().contains(Fault.DUPLICATES)) {
            world.monitor()
                    .fail(Invariant.RELEASE_LAST, name() + " was released for " + request + " before it granted");
        }
        return reply;
    }

    NodeReply raise(Marker in, NodeRequest request, long token) {
        return watched(request, () -> server.raise(in, request, token));
    }

    NodeReply extend(Marker in, HeldLock lock, View view, long ttlMillis) {
        return watched(asRequest(lock), () -> server.extend(in, lock, view, ttlMillis));
    }

    NodeReply restore(Marker in, HeldLock lock, View view, long ttlMillis) {
        return watched(asRequest(lock), () -> server.restore(in, lock, view, ttlMillis));
    }

    NodeReply release(Marker in, HeldLock lock, boolean announce, String connection) {
        released.add(lock.owner() + connection);
        return watched(asRequest(lock), () -> server.release(in, lock, announce));
    }

    private static NodeRequest asRequest(HeldLock lock) {
        return new NodeRequest(lock.resource(), lock.owner(), View.NONE);
    }

    private NodeReply watched(NodeRequest request, Supplier<NodeReply> verb) {
        String resource = request.resource();
        String owner = request.owner();
        Optional<SimulatedServer.Lock> before = server.lock(resource);
        long counter = server.counter(resource);
        NodeReply reply = verb.get();
        Optional<SimulatedServer.Lock> after = server.lock(resource);
        OptionalLong first = reply instanceof NodeReply.Granted granted
                ? OptionalLong.of(granted.token() - request.tokens() + 1)
                : OptionalLong.empty();
        Counter moved = new Counter(counter, server.counter(resource), first);
        world.monitor().holds().changed(number, new Change(resource, owner, before, after, moved));
        world.trace(() -> name() + " " + resource + " " + owner.substring(0, 4) + " -> " + reply + " (counter "
                + moved.after() + ")");
        return reply;
    }
}
