package dev.fencepost.redis.internal;

import dev.fencepost.LockEvent;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to a node. Between connections it pauses, doubling from 50 ms to a second, so that a node that is down costs next to nothing and one that comes back is looked at
 * within about a second. Whether the node takes part is for others to say.
 *
 * <p>The monitor guards the state; nothing is sent or completed under it. Safe for use by many threads.
 */
final class Link {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    /** Where sessions come from. */
    interface Dialer {
        /** Opens a session, or says why it cannot. */
        CompletionStage<Session> dial();

        /** Frees what sessions are opened with; completes when nothing is left of it. */
        CompletionStage<Void> close();
    }

    private final String name;
    private final Dialer dialer;
    private final Scheduler later;
    private final Consumer<String> onRunId;
    private final EventSink events;
    /** Completed once the node is in use for the first time; failures before that are in the state. */
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    /** Completed once the first try has succeeded or failed. */
    private final CompletableFuture<Void> tried = new CompletableFuture<>();

    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private volatile Footing footing = Footing.none("not connected yet");
    private volatile Runnable look = () -> {};
    private long outSinceNanos = System.nanoTime();
    private boolean closed;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private @Nullable Session opening;

    /**
     * Makes a link that is not started.
     *
     * @param onRunId told the {@code run_id} of the server process of each session before it is used; throws to refuse it
     */
    Link(String name, Dialer dialer, Scheduler later, Consumer<String> onRunId, EventSink events) {
        this.name = name;
        this.dialer = dialer;
        this.later = later;
        this.onRunId = onRunId;
        this.events = events;
    }

    CompletionStage<Void> ready() {
        return ready;
    }

    CompletableFuture<Void> tried() {
        return tried;
    }

    /** Completes once the node is in use, or the first try to connect has failed. */
    CompletableFuture<Void> usedOrAway() {
        return tried.thenCompose(done -> footing.session() == null ? tried : ready);
    }

    Footing footing() {
        return footing;
    }

    /** Whom to tell when the node has to be looked at. */
    void onAttention(Runnable attention) {
        look = attention;
    }

    void connect() {
        dialer.dial().whenComplete((session, failure) -> {
            if (failure != null) {
                retry(Reasons.of(failure));
            } else {
                open(session);
            }
        });
    }

    /** Prepares for requests in the life that the marker names, unless the connection is another by now. */
    CompletionStage<NodeReply> admit(Marker marker, String markerKey) {
        Footing now = footing;
        Session session = now.session();
        if (session == null) {
            return CompletableFuture.completedStage(new NodeReply.Unavailable(now.whyNot()));
        }
        if (now.isLife(marker.life())) {
            return CompletableFuture.completedStage(NodeReply.Done.INSTANCE);
        }
        Footing.Life life = Footing.Life.of(marker);
        return life.load(session, markerKey).handle((loaded, failure) -> {
            if (failure != null) {
                return new NodeReply.Unavailable(Reasons.of(failure));
            }
            synchronized (this) {
                if (!loaded || footing.session() != session) {
                    return NodeReply.Forgotten.INSTANCE;
                }
                if (!footing.isLife(life.id())) {
                    footing = footing.admitted(life);
                }
            }
            return NodeReply.Done.INSTANCE;
        });
    }

    /** Lets requests through. */
    void use() {
        Duration out;
        synchronized (this) {
            if (closed || footing.life() == null || footing.inUse()) {
                return;
            }
            footing = footing.used();
            out = Duration.ofNanos(System.nanoTime() - outSinceNanos);
        }
        events.emit(() -> new LockEvent.NodeBack(name, out));
        LOG.debug("{} is in use", name);
        ready.complete(null);
    }

    /** Keeps requests back, for as long as the connection lives. */
    void hold(String why) {
        boolean wasInUse;
        synchronized (this) {
            if (footing.session() == null) {
                return;
            }
            wasInUse = footing.inUse();
            noteOut(wasInUse);
            footing = footing.held(why);
        }
        tellOut(wasInUse, why);
    }

    /** Has the node looked at if it does not answer as a node does that is still what it was. */
    NodeReply judge(Footing.Life life, NodeReply reply, @Nullable Throwable failure) {
        if (reply instanceof NodeReply.Forgotten) {
            doubt(life, "it has forgotten what it granted, or its set of nodes was changed");
        } else if (failure != null && Reasons.isNoScript(failure)) {
            doubt(life, "its scripts were gone (SCRIPT FLUSH) and are being loaded");
        } else if (failure != null && Reasons.isReadOnly(failure)) {
            doubt(life, Reasons.of(failure));
        }
        return reply;
    }

    /** A request was answered so that the node has to be looked at. Only the first of several that went out together counts. */
    private void doubt(Footing.Life life, String why) {
        synchronized (this) {
            if (!footing.isLife(life.id())) {
                return;
            }
        }
        hold(why);
        look.run();
    }

    /** Completes when nothing of the link is left. */
    CompletionStage<Void> closed() {
        return ended;
    }

    void close() {
        Session last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = footing.session() != null ? footing.session() : opening;
            footing = Footing.none("the client is closed");
        }
        if (last != null) {
            last.end("the client was closed");
        }
        dialer.close().whenComplete((done, failure) -> ended.complete(null));
    }

    private void open(Session session) {
        boolean refused;
        synchronized (this) {
            refused = closed;
            opening = session;
        }
        if (refused) {
            session.end("the client was closed");
            return;
        }
        session.onEnd(() -> onEnd(session));
        session.info().thenAccept(info -> onRunId.accept(Info.of(info).runId())).whenComplete((accepted, failure) -> {
            if (failure == null) {
                opened(session);
            } else {
                fail(session, Reasons.of(failure));
            }
        });
    }

    private void opened(Session session) {
        synchronized (this) {
            if (closed || opening != session) {
                return;
            }
            opening = null;
            pauseMillis = FIRST_PAUSE_MILLIS;
            footing = Footing.on(session);
        }
        tried.complete(null);
        look.run();
    }

    private void onEnd(Session session) {
        boolean current;
        synchronized (this) {
            current = footing.session() == session || opening == session;
            // What is under way fails with the session, and must not have it dialled anew a second time.
            opening = opening == session ? null : opening;
        }
        session.end("the connection was lost");
        if (current) {
            retry("the connection was lost");
        }
    }

    /** A process that answers but cannot be used. The connection is given up, and tried again later. */
    private void fail(Session session, String reason) {
        boolean current;
        synchronized (this) {
            current = opening == session;
            opening = null;
        }
        session.end(reason);
        if (current) {
            retry(reason);
        }
    }

    private void retry(String reason) {
        long pause;
        boolean wasInUse;
        synchronized (this) {
            if (closed) {
                return;
            }
            wasInUse = footing.inUse();
            noteOut(wasInUse);
            opening = null;
            footing = Footing.none(reason);
            pause = pauseMillis;
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        }
        tried.complete(null);
        tellOut(wasInUse, reason);
        later.schedule(Duration.ofMillis(pause), this::connect);
    }

    private void noteOut(boolean wasInUse) {
        if (wasInUse) {
            outSinceNanos = System.nanoTime();
        }
    }

    private void tellOut(boolean wasInUse, String reason) {
        if (wasInUse) {
            LOG.warn("{} is out: {}", name, reason);
            events.emit(() -> new LockEvent.NodeUnreachable(name, reason));
        }
    }
}
