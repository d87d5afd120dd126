package dev.fencepost.jdbc.internal.locks;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with one session, which does what it is given one after the other, in the order in which it came. What is under way or waiting when a session ends is refused with
 * it; between sessions the lane pauses, doubling from 50 ms to a second, and refuses whatever comes.
 *
 * <p>The queue and the volatile fields are shared; the rest belongs to the lane's thread.
 */
final class Lane implements Runnable {
    static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /** More than this, and the server is taken for hung: what cannot be done is not stored up without bound. */
    static final int MAX_WAITING = 5_000;

    private static final String CLOSED = "the client is closed";

    /** How often an idle lane looks whether it is closed. */
    private static final long LOOK_MILLIS = 1_000;

    /** After so many of them it asks whether the server is still there, rather than find out when it is needed. */
    private static final int LOOKS_TO_CHECK = 2;

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    /** How things stand with the session. */
    enum Phase {
        /** There is none yet, or none any more. */
        OUT,
        /** It is in use. */
        IN_USE,
        /** It cannot be used until somebody changes the schema or the role's rights. */
        BARRED
    }

    /** A phase, and a reason where it is not in use. */
    record State(Phase phase, String reason) {}

    private final Joining joining;
    private final IntPredicate watched;
    private final BiConsumer<State, State> onChange;
    private final BlockingQueue<Call<?>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final CompletableFuture<Void> tried = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private volatile State state = new State(Phase.OUT, "not connected yet");
    private volatile @Nullable Session session;
    private volatile boolean closing;
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    /**
     * Makes a lane that is to be run by a thread of its own.
     *
     * @param watched whether somebody watches a channel of this lane now
     * @param onChange told each change of phase: what was, and what is
     */
    Lane(Joining joining, IntPredicate watched, BiConsumer<State, State> onChange) {
        this.joining = joining;
        this.watched = watched;
        this.onChange = onChange;
    }

    State state() {
        return state;
    }

    /** Completed once the first session is in use, or is known to be barred. */
    CompletableFuture<Void> tried() {
        return tried;
    }

    /** Completed when the thread is done and nothing is left. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Does it later, in order, and answers at any rate. Blocks nobody. */
    <T> CompletableFuture<T> submit(Call<T> call) {
        State now = state;
        if (closing) {
            call.refuse(CLOSED);
        } else if (now.phase() != Phase.IN_USE) {
            call.refuse(now.reason());
        } else if (!waiting.offer(call)) {
            call.refuse("hung: " + MAX_WAITING + " requests to it wait for an answer");
        } else if (closing || state.phase() != Phase.IN_USE) {
            // It may have come too late for whoever empties the queue.
            refuseWaiting(closing ? CLOSED : state.reason());
        }
        return call.reply();
    }

    /** Has the session tell the server whether a channel is watched, as it is when its turn comes. */
    void sync(int channel) {
        var unused = submit(new Call<>(
                on -> {
                    on.watch(channel, watched.test(channel));
                    return true;
                },
                reason -> false));
    }

    /** Ends it after what has been submitted. */
    void close() {
        closing = true;
        // Wakes the thread, should it wait for work.
        waiting.offer(new Call<>(on -> true, reason -> false));
    }

    /** The server's process that the session is with; -1 if that is unknown. */
    int backend() {
        Session current = session;
        return current == null ? -1 : current.backend();
    }

    /** Ends what the thread may be waiting for. */
    void abort() {
        Session last = session;
        if (last != null) {
            last.abort();
        }
    }

    @Override
    public void run() {
        try {
            while (!closing) {
                connect();
                if (session == null) {
                    pause();
                } else {
                    work();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("a lane was interrupted", e);
        } finally {
            Session last = session;
            session = null;
            if (last != null) {
                last.close();
            }
            change(new State(Phase.OUT, CLOSED));
            tried.complete(null);
            ended.complete(null);
        }
    }

    private void connect() {
        try {
            session = opened();
            pauseMillis = FIRST_PAUSE_MILLIS;
            change(new State(Phase.IN_USE, ""));
            tried.complete(null);
        } catch (SQLException e) {
            boolean barred = Reasons.isOfSchema(e);
            change(new State(barred ? Phase.BARRED : Phase.OUT, Reasons.of(e)));
            if (barred) {
                tried.complete(null);
            }
        } catch (RuntimeException e) {
            // A data source of the application's may throw anything, and what it throws once it may not throw again.
            change(new State(Phase.OUT, "the data source failed: " + e));
        }
    }

    /** A session that has told the server which channels are watched. */
    private Session opened() throws SQLException {
        Session opened = Session.open(joining);
        try {
            for (int channel = 0; channel < Watchers.CHANNELS; channel++) {
                if (watched.test(channel)) {
                    opened.watch(channel, true);
                }
            }
            return opened;
        } catch (SQLException | RuntimeException e) {
            opened.abort();
            throw e;
        }
    }

    private void pause() throws InterruptedException {
        Call<?> late = waiting.poll(pauseMillis, TimeUnit.MILLISECONDS);
        if (late != null) {
            late.refuse(state.reason());
        }
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
    }

    /** Works until the session has ended or the lane is closed. */
    private void work() throws InterruptedException {
        Session current = session;
        int idle = 0;
        while (current != null && !(closing && waiting.isEmpty())) {
            Call<?> call = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            try {
                if (call != null) {
                    idle = 0;
                    call.run(current);
                } else if (++idle == LOOKS_TO_CHECK) {
                    idle = 0;
                    current.join();
                }
            } catch (SQLException e) {
                if (!Reasons.leavesSessionUsable(e)) {
                    end(current, Reasons.of(e));
                    return;
                }
            } catch (RuntimeException e) {
                end(current, "the driver failed: " + e);
                return;
            }
        }
    }

    private void end(Session broken, String reason) {
        session = null;
        broken.abort();
        change(new State(Phase.OUT, reason));
    }

    private void change(State next) {
        State before = state;
        state = next;
        if (next.phase() != Phase.IN_USE) {
            refuseWaiting(next.reason());
        }
        if (before.phase() != next.phase()) {
            onChange.accept(before, next);
        }
    }

    private void refuseWaiting(String reason) {
        List<Call<?>> late = new ArrayList<>();
        waiting.drainTo(late);
        late.forEach(call -> call.refuse(reason));
    }
}
