package dev.fencepost.sim;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * What is behind the port of a simulated node: does, step by step, what the scripts of the Redis adapter do, which {@code LockNodeContract} holds both to. Times to live run on its own clock,
 * in whole milliseconds. For one thread. Mutants override single verbs.
 */
class SimulatedServer {
    /** The largest whole number that a double, and so a script, can count up to. */
    static final long LAST_TOKEN = 9_007_199_254_740_991L;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier clock;
    final Map<String, Lock> locks = new HashMap<>();
    final Map<String, Long> counters = new HashMap<>();
    private final Map<String, Map<Object, LongConsumer>> subscribers = new HashMap<>();
    private long view;

    /**
     * Who holds a resource.
     *
     * @param endMillis the last moment at which it is held, by the server's clock
     */
    record Lock(String owner, long endMillis) {}

    SimulatedServer(LongSupplier clock) {
        this.clock = clock;
    }

    NodeReply grant(NodeRequest request, long ttlMillis, long floor) {
        if (view > request.view()) {
            return new NodeReply.NewerView(view);
        }
        String resource = request.resource();
        Optional<Lock> holder = lock(resource);
        if (holder.isPresent() && !holder.get().owner.equals(request.owner())) {
            return new NodeReply.Held(holder.get().endMillis - millis());
        }
        long reached = Math.max(counter(resource), floor);
        if (reached >= LAST_TOKEN) {
            return new NodeReply.Exhausted(Long.toString(reached));
        }
        long token = nextToken(request, reached);
        view = request.view();
        counters.put(resource, token);
        take(resource, request.owner(), ttlMillis);
        return new NodeReply.Granted(token);
    }

    /** The value that a grant hands out, where the counter has reached this. */
    long nextToken(NodeRequest request, long reached) {
        return reached + 1;
    }

    NodeReply raise(NodeRequest request, long token) {
        if (view > request.view()) {
            return new NodeReply.NewerView(view);
        }
        if (!isHeldBy(request.resource(), request.owner()) || counter(request.resource()) > token) {
            return NodeReply.NotHeld.INSTANCE;
        }
        lift(request.resource(), token);
        return NodeReply.Done.INSTANCE;
    }

    NodeReply extend(HeldLock lock, long ttlMillis) {
        if (!isHeldBy(lock.resource(), lock.owner()) || counter(lock.resource()) > lock.token()) {
            return NodeReply.NotHeld.INSTANCE;
        }
        lift(lock.resource(), lock.token());
        take(lock.resource(), lock.owner(), ttlMillis);
        return NodeReply.Done.INSTANCE;
    }

    NodeReply restore(HeldLock lock, long ttlMillis) {
        boolean others = lock(lock.resource())
                .filter(held -> !held.owner.equals(lock.owner()))
                .isPresent();
        if (others || counter(lock.resource()) > lock.token()) {
            return NodeReply.NotHeld.INSTANCE;
        }
        lift(lock.resource(), lock.token());
        take(lock.resource(), lock.owner(), ttlMillis);
        return NodeReply.Done.INSTANCE;
    }

    NodeReply release(HeldLock lock, boolean announce) {
        boolean held = isHeldBy(lock.resource(), lock.owner());
        if (held) {
            locks.remove(lock.resource());
        }
        lift(lock.resource(), lock.token());
        if (!held) {
            return NodeReply.NotHeld.INSTANCE;
        }
        List<LongConsumer> told = announce
                ? List.copyOf(
                        subscribers.getOrDefault(lock.resource(), Map.of()).values())
                : List.of();
        told.forEach(subscriber -> subscriber.accept(lock.token()));
        return new NodeReply.Released(told.size());
    }

    /** One client wants to be told of releases; again is once. */
    void subscribe(Object client, String resource, LongConsumer onRelease) {
        subscribers.computeIfAbsent(resource, name -> new LinkedHashMap<>()).put(client, onRelease);
    }

    void unsubscribe(Object client, String resource) {
        subscribers.getOrDefault(resource, new HashMap<>()).remove(client);
    }

    /** The connection of a client has ended. */
    void unsubscribe(Object client) {
        subscribers.values().forEach(clients -> clients.remove(client));
    }

    boolean hasSubscribers() {
        return subscribers.values().stream().anyMatch(clients -> !clients.isEmpty());
    }

    /** Who holds the resource, if somebody does. */
    final Optional<Lock> lock(String resource) {
        Lock held = locks.get(resource);
        if (held != null && held.endMillis < millis()) {
            locks.remove(resource);
            return Optional.empty();
        }
        return Optional.ofNullable(held);
    }

    final boolean isHeldBy(String resource, String owner) {
        return lock(resource).filter(held -> held.owner.equals(owner)).isPresent();
    }

    final long counter(String resource) {
        return counters.getOrDefault(resource, 0L);
    }

    final void lift(String resource, long token) {
        counters.merge(resource, token, Math::max);
    }

    /** Locks it for the owner, or keeps it locked; never shortens what the owner has. */
    final void take(String resource, String owner, long ttlMillis) {
        long end = millis() + ttlMillis;
        long kept = lock(resource)
                .filter(held -> held.owner.equals(owner))
                .map(Lock::endMillis)
                .orElse(end);
        locks.put(resource, new Lock(owner, Math.max(end, kept)));
    }

    private long millis() {
        return Math.floorDiv(clock.getAsLong(), NANOS_PER_MILLI);
    }
}
