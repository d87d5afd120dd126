package dev.fencepost.redis.internal;

import dev.fencepost.LockEvent;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to a node, and puts the scripts on whatever process answers there. Between connections it pauses, doubling from
 * 50 ms to a second, so that a node that is down costs next to nothing and one that comes back is in use within about a second.
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

    /** Either a session that is ready for use, or why there is none. */
    record State(@Nullable Session session, String down) {
        /** Why nothing can be sent, if nothing can. */
        String whyNot() {
            return session == null ? down : "hung: " + Session.MAX_UNANSWERED + " requests to it are unanswered";
        }
    }

    private final String name;
    private final Dialer dialer;
    private final Scheduler later;
    private final Consumer<String> onRunId;
    private final EventSink events;
    /** Completed once the first session is ready; failures before that are in the state. */
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    /** Completed once the first try has succeeded or failed. */
    private final CompletableFuture<Void> tried = new CompletableFuture<>();

    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private volatile State state = new State(null, "not connected yet");
    private long outSinceNanos = System.nanoTime();
    private boolean closed;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private @Nullable Session joining;

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

    State state() {
        return state;
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

    /** The scripts are gone although the connection is not: keeps the node out until they are back. */
    void reload(Session session) {
        synchronized (this) {
            if (state.session() != session) {
                return;
            }
            state = new State(null, "its scripts were gone (SCRIPT FLUSH) and are being loaded");
            joining = session;
        }
        join(session);
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
            last = state.session() != null ? state.session() : joining;
            state = new State(null, "the client is closed");
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
            joining = session;
        }
        if (refused) {
            session.end("the client was closed");
            return;
        }
        session.onEnd(() -> onEnd(session));
        join(session);
    }

    private void onEnd(Session session) {
        boolean current;
        synchronized (this) {
            current = state.session() == session || joining == session;
            // What is under way fails with the session, and must not have it dialled anew a second time.
            joining = joining == session ? null : joining;
        }
        session.end("the connection was lost");
        if (current) {
            retry("the connection was lost");
        }
    }

    private void join(Session session) {
        CompletionStage<?> loaded = session.info().thenAccept(info -> onRunId.accept(RunId.of(info)));
        for (Script script : Script.values()) {
            loaded = loaded.thenCombine(session.eval(script, List.of(), List.of()), (before, reply) -> reply);
        }
        loaded.whenComplete((reply, failure) -> {
            if (failure == null) {
                use(session);
            } else {
                fail(session, Reasons.of(failure));
            }
        });
    }

    private void use(Session session) {
        Duration out;
        synchronized (this) {
            if (closed || joining != session) {
                return;
            }
            joining = null;
            pauseMillis = FIRST_PAUSE_MILLIS;
            state = new State(session, "");
            out = Duration.ofNanos(System.nanoTime() - outSinceNanos);
        }
        events.emit(() -> new LockEvent.NodeBack(name, out));
        LOG.debug("{} is in use", name);
        ready.complete(null);
        tried.complete(null);
    }

    /** A process that answers but cannot be used. The connection is given up, and tried again later. */
    private void fail(Session session, String reason) {
        boolean current;
        synchronized (this) {
            current = joining == session;
            joining = null;
        }
        session.end(reason);
        if (current) {
            retry(reason);
        }
    }

    private void retry(String reason) {
        long pause;
        boolean wasUp;
        synchronized (this) {
            if (closed) {
                return;
            }
            wasUp = state.session() != null;
            if (wasUp) {
                outSinceNanos = System.nanoTime();
            }
            joining = null;
            state = new State(null, reason);
            pause = pauseMillis;
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        }
        tried.complete(null);
        if (wasUp) {
            LOG.warn("{} is out: {}", name, reason);
            events.emit(() -> new LockEvent.NodeUnreachable(name, reason));
        }
        later.schedule(Duration.ofMillis(pause), this::connect);
    }
}
