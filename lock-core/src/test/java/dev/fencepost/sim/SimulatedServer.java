package dev.fencepost.sim;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Condition;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.NodeRequest.View;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
    Optional<Marker> marker = Optional.empty();
    /** The lives whose scripts this process knows. */
    private final Set<String> loaded = new HashSet<>();

    private int starts;
    private Consumer<Marker> whenMarked = marker -> {};

    /**
     * Who holds a resource.
     *
     * @param memory what the node remembered when it was locked
     * @param endMillis the last moment at which it is held, by the server's clock
     */
    record Lock(String owner, String memory, long endMillis) {}

    SimulatedServer(LongSupplier clock) {
        this.clock = clock;
    }

    /** Which process this is. */
    final String process() {
        return "process-" + starts;
    }

    /** Another process has taken its place, on whatever data is there. */
    final void restart() {
        starts++;
        loaded.clear();
        subscribers.clear();
    }

    NodeReply look() {
        return new NodeReply.Seen(
                marker.map(Marker::text).orElse(""), marker, process(), millis(), new Condition("", true, Map.of()));
    }

    final NodeReply exchange(String expected, Marker next) {
        if (!marker.map(Marker::text).orElse("").equals(expected)) {
            return NodeReply.Forgotten.INSTANCE;
        }
        Marker.Terms from = new Marker.Terms(
                next.terms().longestMillis(), millis(), next.terms().kept());
        marker = Optional.of(
                next.isMoving() ? next : new Marker(next.ready(), next.life(), next.numbers(), from, next.identity()));
        whenMarked.accept(next);
        return NodeReply.Done.INSTANCE;
    }

    /** What happens when it says something else of itself. */
    final void whenMarked(Consumer<Marker> event) {
        whenMarked = event;
    }

    final void load(String life) {
        loaded.add(life);
    }

    NodeReply advance(Marker in, long view, long longestMillis) {
        if (!isIn(in)) {
            return NodeReply.Forgotten.INSTANCE;
        }
        Marker now = marker.orElseThrow();
        boolean newer = now.numbers().view() >= view;
        Marker.Numbers n = now.numbers();
        marker = Optional.of(new Marker(
                true,
                now.life(),
                new Marker.Numbers(Math.max(n.view(), view), n.mark(), n.floor(), n.settled()),
                new Marker.Terms(
                        Math.max(now.terms().longestMillis(), longestMillis),
                        now.terms().sinceMillis(),
                        now.terms().kept()),
                now.identity()));
        return newer ? new NodeReply.NewerView(n.view()) : new NodeReply.Advanced(marker.orElseThrow());
    }

    NodeReply grant(Marker in, NodeRequest request, long ttlMillis, long floor) {
        if (!isIn(in)) {
            return NodeReply.Forgotten.INSTANCE;
        }
        if (view() > request.view().number()) {
            return new NodeReply.NewerView(view());
        }
        String resource = request.resource();
        Optional<Lock> holder = lock(resource);
        if (holder.isPresent() && !isHeldBy(in, resource, request.owner())) {
            return new NodeReply.Held(holder.get().endMillis - millis());
        }
        long reached = Math.max(Math.max(counter(resource), numbers().floor()), floor);
        if (reached + request.tokens() > LAST_TOKEN) {
            return new NodeReply.Exhausted(Long.toString(reached));
        }
        long token = nextToken(in, request, reached);
        move(request.view().number(), token);
        counters.put(resource, token);
        take(in, resource, request.owner(), ttlMillis);
        return new NodeReply.Granted(token);
    }

    /** The value that a grant hands out, where the counter has reached this. */
    long nextToken(Marker in, NodeRequest request, long reached) {
        return reached + request.tokens();
    }

    NodeReply raise(Marker in, NodeRequest request, long token) {
        if (!isIn(in)) {
            return NodeReply.Forgotten.INSTANCE;
        }
        if (view() > request.view().number()) {
            return new NodeReply.NewerView(view());
        }
        if (!isHeldBy(in, request.resource(), request.owner()) || counter(request.resource()) > token) {
            return NodeReply.NotHeld.INSTANCE;
        }
        move(request.view().number(), token);
        lift(request.resource(), token);
        return NodeReply.Done.INSTANCE;
    }

    NodeReply extend(Marker in, HeldLock lock, View view, long ttlMillis) {
        if (!isIn(in)) {
            return NodeReply.Forgotten.INSTANCE;
        }
        move(view.number(), lock.token());
        if (!isHeldBy(in, lock.resource(), lock.owner()) || counter(lock.resource()) > lock.token()) {
            return NodeReply.NotHeld.INSTANCE;
        }
        lift(lock.resource(), lock.token());
        take(in, lock.resource(), lock.owner(), ttlMillis);
        return NodeReply.Done.INSTANCE;
    }

    NodeReply restore(Marker in, HeldLock lock, View view, long ttlMillis) {
        if (!isIn(in)) {
            return NodeReply.Forgotten.INSTANCE;
        }
        String resource = lock.resource();
        boolean others = lock(resource).isPresent() && !isHeldBy(in, resource, lock.owner());
        if (others || Math.max(counter(resource), unsettled(view)) > lock.token()) {
            return NodeReply.NotHeld.INSTANCE;
        }
        move(view.number(), lock.token());
        lift(resource, lock.token());
        take(in, resource, lock.owner(), ttlMillis);
        return NodeReply.Done.INSTANCE;
    }

    /** How far counters may have been that are not there any more, as far as a quorum that holds a lock in that view does not vouch for it. */
    long unsettled(View view) {
        return view.number() >= numbers().settled() ? 0 : numbers().floor();
    }

    NodeReply release(Marker in, HeldLock lock, boolean announce) {
        if (!isIn(in)) {
            return NodeReply.Forgotten.INSTANCE;
        }
        boolean held = isHeldBy(in, lock.resource(), lock.owner());
        if (held) {
            locks.remove(lock.resource());
        }
        move(0, lock.token());
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

    final boolean isHeldBy(Marker in, String resource, String owner) {
        String memory = in.identity().memory();
        return lock(resource)
                .filter(held -> held.owner.equals(owner) && held.memory.equals(memory))
                .isPresent();
    }

    private boolean isIn(Marker in) {
        return loaded.contains(in.life())
                && marker.filter(now -> now.ready() && now.life().equals(in.life()))
                        .isPresent();
    }

    final Marker.Numbers numbers() {
        return marker.orElseThrow().numbers();
    }

    private long view() {
        return numbers().view();
    }

    private void move(long view, long token) {
        Marker now = marker.orElseThrow();
        Marker.Numbers n = now.numbers();
        marker = Optional.of(new Marker(
                true,
                now.life(),
                new Marker.Numbers(Math.max(n.view(), view), Math.max(n.mark(), token), n.floor(), n.settled()),
                now.terms(),
                now.identity()));
    }

    /** No counter starts from less than this, on a node that is ready. */
    void startFrom(long floor) {
        Marker now = marker.orElseThrow();
        Marker.Numbers n = now.numbers();
        Marker.Numbers raised =
                new Marker.Numbers(n.view(), n.mark(), Math.max(n.floor(), floor), Math.max(n.settled(), n.view() + 1));
        marker = Optional.of(new Marker(true, now.life(), raised, now.terms(), now.identity()));
    }

    final long counter(String resource) {
        return counters.getOrDefault(resource, 0L);
    }

    final void lift(String resource, long token) {
        counters.merge(resource, token, Math::max);
    }

    /** Locks it for the owner, or keeps it locked; never shortens what the owner has. */
    final void take(Marker in, String resource, String owner, long ttlMillis) {
        long end = millis() + ttlMillis;
        long kept = isHeldBy(in, resource, owner) ? lock(resource).orElseThrow().endMillis : end;
        locks.put(resource, new Lock(owner, in.identity().memory(), Math.max(end, kept)));
    }

    private long millis() {
        return Math.floorDiv(clock.getAsLong(), NANOS_PER_MILLI);
    }
}
