package dev.fencepost.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where acquisitions of one process wait for each other: a line for each resource, of which only the first asks the nodes. So many waiters cost the nodes no more than one.
 *
 * <p>A lease that ends is handed over to the next in line at once, without the nodes telling anybody else; but every {@value #HAND_OVERS}th time it is announced. Where other
 * clients are watching, that is as soon as everybody in a shorter line has had a turn, and the line pauses so that one of the others gets in. So does whoever comes when there is no line any more and others have just been seen to watch: otherwise one that locks
 * again and again would always be back before the others have heard of its release.
 *
 * <p>The monitor guards the lines; nobody is told anything under it.
 */
final class WaitingRoom {
    /** How many times in a row a process hands a resource over within itself, before others get a chance. */
    static final int HAND_OVERS = 8;

    /** For so long others are taken to be still waiting that were seen to. */
    private static final Duration COURTESY = Duration.ofSeconds(1);

    private static final int MOST_COURTESIES = 1_024;

    private final Quorum quorum;
    /** How many have come. */
    private final AtomicLong places = new AtomicLong();

    private final Map<String, Line> lines = new HashMap<>();
    /** When others were last seen to watch a resource that was released, the oldest first. Too few of these cost nobody more than its turn. */
    private final Map<String, Long> watched = new LinkedHashMap<>();

    private static final class Line {
        private final Deque<Acquisition> waiting = new ArrayDeque<>();
        private @Nullable HeldLease holder;
        private @Nullable ReleaseWatch watch;
        private int handOvers;
        private boolean othersWatch;
        private boolean yields;

        private boolean isEmpty() {
            return waiting.isEmpty() && holder == null;
        }
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
        boolean yields;
        synchronized (this) {
            Line line = lines.computeIfAbsent(acquisition.demand().resource(), resource -> new Line());
            line.waiting.add(acquisition);
            first = line.waiting.peek() == acquisition;
            Long seen = first && line.holder == null
                    ? watched.remove(acquisition.demand().resource())
                    : null;
            yields = seen != null && quorum.nanoTime() - seen < COURTESY.toNanos();
        }
        if (first) {
            acquisition.turn(yields);
        }
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
            idle = idleWatch(line);
            dropIfEmpty(acquisition.demand().resource(), line);
        }
        if (idle != null) {
            idle.cancel();
        }
        if (next != null) {
            next.turn(false);
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
        return line == null || line.waiting.peek() != acquisition
                ? Wanted.one(demand.resource(), demand.floor())
                : new Wanted(
                        demand.resource(),
                        demand.floor(),
                        Math.min(HAND_OVERS - line.handOvers, line.waiting.size()),
                        places.get());
    }

    /**
     * Who has next what a lease has held until now, without any node being told: the first in line, if it was there when that was asked for, wants such a token, and others need not get a chance. Whoever asks has to hand it over.
     */
    synchronized Optional<Acquisition> heir(HeldLease lease, Holding rest) {
        Line line = lines.get(lease.resource());
        if (line == null || line.holder != lease || line.handOvers + 1 >= most(line)) {
            return Optional.empty();
        }
        Acquisition first = line.waiting.peek();
        if (first == null || first.place() > rest.latest() || first.demand().floor() >= rest.token()) {
            return Optional.empty();
        }
        line.handOvers++;
        // Nobody gets a turn now because this lease is over.
        line.holder = null;
        return Optional.of(first);
    }

    private static int most(Line line) {
        return line.othersWatch ? Math.min(HAND_OVERS, line.waiting.size()) : HAND_OVERS;
    }

    /** Whether the nodes are to tell others that the lease was released: not if somebody here takes over at once. */
    synchronized boolean announces(HeldLease lease) {
        Line line = lines.get(lease.resource());
        if (line == null || line.holder != lease || line.waiting.isEmpty()) {
            return true;
        }
        line.handOvers++;
        boolean announces = line.handOvers >= most(line);
        if (announces) {
            line.handOvers = 0;
        }
        line.yields = announces && line.othersWatch;
        if (announces && line.watch != null) {
            line.watch.ignore(lease.lock().token());
        }
        return announces;
    }

    /** Learns how many clients watched when a lease was released. */
    synchronized void noteWatchers(HeldLease lease, long watchers) {
        Line line = lines.get(lease.resource());
        boolean others = watchers > (line == null || line.watch == null ? 0 : 1);
        if (line != null) {
            line.othersWatch = others;
        }
        watched.remove(lease.resource());
        if (others) {
            watched.put(lease.resource(), quorum.nanoTime());
            if (watched.size() > MOST_COURTESIES) {
                watched.remove(watched.keySet().iterator().next());
            }
        }
    }

    /** Has the first in line woken when others release the resource. */
    void watch(String resource) {
        ReleaseWatch started;
        synchronized (this) {
            Line line = lines.get(resource);
            if (line == null || line.waiting.isEmpty() || line.watch != null) {
                return;
            }
            line.handOvers = 0;
            started = new ReleaseWatch(
                    quorum,
                    resource,
                    () -> first(resource).ifPresent(first -> first.wake(false)),
                    () -> first(resource).ifPresent(Acquisition::reconsider));
            line.watch = started;
        }
        started.start();
    }

    private void onOver(HeldLease lease) {
        Acquisition next;
        boolean yields;
        synchronized (this) {
            Line line = lines.get(lease.resource());
            if (line == null || line.holder != lease) {
                return;
            }
            line.holder = null;
            next = line.waiting.peek();
            yields = line.yields;
            line.yields = false;
            dropIfEmpty(lease.resource(), line);
        }
        if (next != null) {
            next.turn(yields);
        }
    }

    private synchronized Optional<Acquisition> first(String resource) {
        return Optional.ofNullable(lines.get(resource)).map(line -> line.waiting.peek());
    }

    private static @Nullable ReleaseWatch idleWatch(Line line) {
        if (!line.waiting.isEmpty()) {
            return null;
        }
        ReleaseWatch idle = line.watch;
        line.watch = null;
        return idle;
    }

    private void dropIfEmpty(String resource, Line line) {
        if (line.isEmpty()) {
            lines.remove(resource);
        }
    }
}
