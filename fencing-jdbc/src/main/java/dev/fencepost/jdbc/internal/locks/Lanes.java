package dev.fencepost.jdbc.internal.locks;

import dev.fencepost.LockEvent;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.jdbc.FenceSchemaException;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockNode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * The few connections of a node, and one more to hear of releases. All that is about one resource goes over one of them, in order. Safe for use by many threads; the monitor guards what
 * is not final.
 */
final class Lanes {
    private static final long CLOSING_MILLIS = 1_000;

    private final String name;
    private final EventSink events;
    private final Watchers watchers = new Watchers();
    private final List<Lane> lanes;
    private final Announcements announcements;
    private int inUse;
    private long outSinceNanos = System.nanoTime();
    private boolean closed;

    /** Prepares so many connections, and opens none. */
    Lanes(String name, Joining joining, int connections, EventSink events) {
        this.name = name;
        this.events = events;
        this.lanes = IntStream.range(0, connections)
                .mapToObj(i -> new Lane(
                        joining, channel -> channel % connections == i && watchers.isWatched(channel), this::onChange))
                .toList();
        this.announcements = new Announcements(
                joining, watchers, backend -> lanes.stream().anyMatch(lane -> lane.backend() == backend));
    }

    /** The connection that all requests for the resource go over. */
    Lane of(String resource) {
        return lanes.get(place(resource));
    }

    int place(String resource) {
        return Watchers.channel(resource) % lanes.size();
    }

    Lane at(int place) {
        return lanes.get(place);
    }

    LockNode.Watch watch(String resource, LongConsumer onRelease) {
        return watchers.watch(
                resource,
                onRelease,
                channel -> lanes.get(channel % lanes.size()).sync(channel));
    }

    /** Tells those of this client who watch the resource, and says whether there were any. */
    boolean announce(String resource, long token) {
        return watchers.announce(resource, token);
    }

    /**
     * Opens the connections, and waits until all are in use.
     *
     * @throws FenceSchemaException if the schema or the role's rights have to be changed first
     * @throws QuorumUnavailableException if they are not within the time
     */
    void connect(Duration timeout) {
        for (int i = 0; i < lanes.size(); i++) {
            start(lanes.get(i), "fencepost-lock-" + i);
        }
        CompletableFuture.allOf(lanes.stream().map(Lane::tried).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, timeout.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        List<Lane.State> out = lanes.stream()
                .map(Lane::state)
                .filter(state -> state.phase() != Lane.Phase.IN_USE)
                .toList();
        for (Lane.State state : out) {
            if (state.phase() == Lane.Phase.BARRED) {
                throw new FenceSchemaException(state.reason(), new SQLException(state.reason()));
            }
        }
        if (!out.isEmpty()) {
            throw new QuorumUnavailableException(
                    "only " + (lanes.size() - out.size()) + " of " + lanes.size()
                            + " connections for locks could be opened within " + timeout.toMillis()
                            + " ms; the data source must be able to give " + (lanes.size() + 1)
                            + " to the lock client alone",
                    Map.of(name, out.get(0).reason()));
        }
        start(announcements, "fencepost-listen");
    }

    /** Ends all connections, after what was submitted. Waits for that, but not for long. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        announcements.close();
        lanes.forEach(Lane::close);
        CompletableFuture<?>[] ends = lanes.stream().map(Lane::ended).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(ends)
                .completeOnTimeout(null, CLOSING_MILLIS, TimeUnit.MILLISECONDS)
                .join();
        lanes.forEach(Lane::abort);
    }

    /** The node is in use when all of its connections are: what is locked over one of them cannot be locked over another. */
    private void onChange(Lane.State before, Lane.State now) {
        Duration out;
        synchronized (this) {
            if (closed || (before.phase() != Lane.Phase.IN_USE && now.phase() != Lane.Phase.IN_USE)) {
                return;
            }
            boolean wasWhole = inUse == lanes.size();
            inUse += now.phase() == Lane.Phase.IN_USE ? 1 : -1;
            if (wasWhole) {
                outSinceNanos = System.nanoTime();
            } else if (inUse < lanes.size()) {
                return;
            }
            out = Duration.ofNanos(System.nanoTime() - outSinceNanos);
        }
        if (now.phase() == Lane.Phase.IN_USE) {
            events.emit(() -> new LockEvent.NodeBack(name, out));
        } else {
            Lane.LOG.warn("{} is out: {}", name, now.reason());
            events.emit(() -> new LockEvent.NodeUnreachable(name, now.reason()));
        }
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
