package dev.fencepost.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where acquisitions of one process wait for each other: a line for each resource, of which only the first asks the nodes. So many waiters cost the nodes no more than one.
 *
 * <p>A lease that ends is handed over to the next in line at once, without the nodes telling anybody else; but every {@value Turns#MOST}th time it is announced. Where other
 * clients are watching, that is as soon as everybody in a shorter line has had a turn, unless turns are very short; and the line pauses so that one of the others gets in. So does whoever comes when there is no line any more and others have just been seen to watch: otherwise one that locks
 * again and again would always be back before the others have heard of its release.
 *
 * <p>The monitor guards the lines; nobody is told anything under it.
 */
final class WaitingRoom {
    /** How long the watch of a line that is no more goes on. */
    private static final Duration LINGER = Duration.ofMillis(20);

    private final Quorum quorum;
    /** How many have come. */
    private final AtomicLong places = new AtomicLong();

    private final Map<String, Line> lines = new HashMap<>();
    private final Onlookers onlookers = new Onlookers();

    private static final class Line {
        private final Deque<Acquisition> waiting = new ArrayDeque<>();
        private @Nullable HeldLease holder;
        private @Nullable ReleaseWatch watch;
        private final Turns turns = new Turns();
        /** The token of what was last released and announced, of which the nodes may tell this process as well; 0 for none. */
        private long released;

        private boolean yields;
    }

    WaitingRoom(Quorum quorum) {
        this.quorum = quorum;
    }

    /** Forgets every line, so that nobody gets a turn any more. */
    void close() {
        List<ReleaseWatch> watches = new ArrayList<>();
        synchronized (this) {
            for (Line line : lines.values()) {
                if (line.watch != null) {
                    watches.add(line.watch);
                }
            }
            lines.clear();
        }
        watches.forEach(ReleaseWatch::cancel);
    }

    /** Where an acquisition stands that is called for now: behind all that were before. */
    long place() {
        return places.incrementAndGet();
    }

    /** Puts an acquisition at the end of its line, and gives it its turn if it is alone there. */
    void enter(Acquisition acquisition) {
        boolean first;
        long yielding;
        synchronized (this) {
            Line line = lines.computeIfAbsent(acquisition.demand().resource(), resource -> new Line());
            line.waiting.add(acquisition);
            first = line.waiting.peek() == acquisition;
            yielding = first && line.holder == null ? courtesy(acquisition, line) : 0;
        }
        if (first) {
            acquisition.turn(yielding);
        }
        if (yielding > 0) {
            watch(acquisition.demand().resource());
        }
    }

    /** How many others are to go first, since they were seen to wait when this client last released the resource. */
    private long courtesy(Acquisition acquisition, Line line) {
        Optional<Onlookers.Seen> seen = onlookers.take(acquisition.demand().resource(), quorum.nanoTime());
        seen.ifPresent(of -> {
            line.released = of.token();
            line.turns.end();
            line.turns.note(of.others());
        });
        return seen.map(Onlookers.Seen::others).orElse(0L);
    }

    /** Takes an acquisition out of its line, and gives the next one its turn if it was the first. Does nothing if it is not there. */
    void leave(Acquisition acquisition) {
        Acquisition next = null;
        ReleaseWatch idle;
        synchronized (this) {
            Line line = lines.get(acquisition.demand().resource());
            if (line == null) {
                return;
            }
            boolean wasFirst = line.waiting.peek() == acquisition;
            line.waiting.remove(acquisition);
            // While somebody in this process holds it, the next one gets its turn when that is over.
            if (wasFirst && line.holder == null) {
                next = line.waiting.peek();
            }
            idle = dropIfEmpty(acquisition.demand().resource(), line);
        }
        if (idle != null) {
            idle.cancel();
        }
        if (next != null) {
            next.turn(0);
        }
    }

    /** Takes note of who holds the resource in this process, until that is over. */
    void hold(HeldLease lease) {
        synchronized (this) {
            lines.computeIfAbsent(lease.resource(), resource -> new Line()).holder = lease;
        }
        lease.over().thenRun(() -> onOver(lease));
    }

    /** The lease of this process that others in it have to wait for, if one is held. */
    Optional<HeldLease> holder(String resource) {
        HeldLease holder;
        synchronized (this) {
            Line line = lines.get(resource);
            holder = line == null ? null : line.holder;
        }
        return holder != null && holder.isHeld() ? Optional.of(holder) : Optional.empty();
    }

    /** What an attempt is to get: also a token for each who stands behind in the line, up to as many as take over from each other without others getting a chance. */
    synchronized Wanted wanted(Acquisition acquisition) {
        Demand demand = acquisition.demand();
        Line line = lines.get(demand.resource());
        if (line == null || line.waiting.peek() != acquisition) {
            return Wanted.one(demand.resource(), demand.floor());
        }
        line.turns.wants();
        int many = Math.min(line.turns.most(), line.waiting.size());
        return new Wanted(demand.resource(), demand.floor(), many, places.get());
    }

    /**
     * Leaves what a lease has held to the next in line, without any node being told: if that one was there when it was asked for, wants such a token, and others need not get a chance. Not if the client is being closed: then nobody
     * would be left to release it.
     *
     * @param rest what is left of it
     * @param telling tells whom the end of the lease concerns; run before the next one has it
     * @return whether it is done
     */
    boolean handsOn(HeldLease lease, Optional<Holding> rest, Runnable telling) {
        if (rest.isEmpty() || !quorum.underWay().tryBegin()) {
            return false;
        }
        try {
            Optional<Acquisition> heir = heir(lease, rest.get());
            heir.ifPresent(next -> {
                telling.run();
                next.inherit(rest.get());
            });
            return heir.isPresent();
        } finally {
            quorum.underWay().end();
        }
    }

    private synchronized Optional<Acquisition> heir(HeldLease lease, Holding rest) {
        Line line = lines.get(lease.resource());
        if (line == null || line.holder != lease || isLast(lease, line)) {
            return Optional.empty();
        }
        Acquisition first = line.waiting.peek();
        if (first == null || first.place() > rest.latest() || first.demand().floor() >= rest.token()) {
            return Optional.empty();
        }
        line.turns.handOver(lease.sinceNanos());
        // Nobody gets a turn now because this lease is over.
        line.holder = null;
        return Optional.of(first);
    }

    private boolean isLast(HeldLease lease, Line line) {
        return line.turns.isLast(lease.sinceNanos(), quorum.nanoTime(), line.waiting.size());
    }

    /**
     * Whether the nodes are to tell others that the lease was released: not if somebody here takes over at once.
     *
     * @return how many of those who watch then are of this process; empty if nobody is to be told
     */
    synchronized OptionalInt announces(HeldLease lease) {
        long token = lease.lock().token();
        Line line = lines.get(lease.resource());
        if (line != null && line.holder == lease && !line.waiting.isEmpty() && !isLast(lease, line)) {
            line.turns.handOver(lease.sinceNanos());
            return OptionalInt.empty();
        }
        onlookers.releasing(lease.resource(), token);
        if (line == null || line.holder != lease) {
            return OptionalInt.of(0);
        }
        line.turns.end();
        line.yields = !line.waiting.isEmpty();
        line.released = token;
        if (line.watch == null) {
            return OptionalInt.of(0);
        }
        line.watch.ignore(token);
        return OptionalInt.of(1);
    }

    /** Learns how many watched when a lease was released, and how many of them would be of this process: the node may not know of it. */
    synchronized void noteWatchers(HeldLease lease, long watchers, int own) {
        long others = Math.max(0, watchers - own);
        Line line = lines.get(lease.resource());
        if (line != null) {
            line.turns.note(others);
        }
        onlookers.note(lease.resource(), lease.lock().token(), others, quorum.nanoTime());
    }

    /** Has the first in line woken when others release the resource. */
    void watch(String resource) {
        ReleaseWatch started;
        long released;
        synchronized (this) {
            Line line = lines.get(resource);
            if (line == null || line.waiting.isEmpty()) {
                return;
            }
            line.turns.begin();
            if (line.watch != null) {
                return;
            }
            released = line.released;
            started = new ReleaseWatch(
                    quorum,
                    resource,
                    () -> woken(resource).ifPresent(first -> first.wake(0)),
                    () -> first(resource).ifPresent(Acquisition::reconsider));
            line.watch = started;
        }
        started.ignore(released);
        started.start();
    }

    private void onOver(HeldLease lease) {
        Acquisition next;
        long yielding;
        ReleaseWatch idle;
        synchronized (this) {
            Line line = lines.get(lease.resource());
            if (line == null || line.holder != lease) {
                return;
            }
            line.holder = null;
            next = line.waiting.peek();
            yielding = line.yields ? line.turns.others() : 0;
            line.yields = false;
            idle = dropIfEmpty(lease.resource(), line);
        }
        if (idle != null) {
            // Not before the nodes have counted who watches this release.
            quorum.schedule(LINGER, idle::cancel);
        }
        if (next != null) {
            next.turn(yielding);
        }
    }

    private synchronized Optional<Acquisition> woken(String resource) {
        Line line = lines.get(resource);
        return line == null || line.turns.letsGoBy() ? Optional.empty() : first(resource);
    }

    private synchronized Optional<Acquisition> first(String resource) {
        return Optional.ofNullable(lines.get(resource)).map(line -> line.waiting.peek());
    }

    /** Returns what is to be cancelled then. */
    private @Nullable ReleaseWatch dropIfEmpty(String resource, Line line) {
        if (!line.waiting.isEmpty() || line.holder != null) {
            return null;
        }
        lines.remove(resource);
        return line.watch;
    }
}
