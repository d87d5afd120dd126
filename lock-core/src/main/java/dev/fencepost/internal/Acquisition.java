package dev.fencepost.internal;

import dev.fencepost.LockEvent;
import dev.fencepost.spi.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Attempts one after the other, until one is won, the wait is over, or nobody wants it any more. One that waits does so in the line of its {@link WaitingRoom}, and makes attempts
 * only while it is the first there and the client has not too many under way: at once when it is woken, and otherwise after pauses. The result is the outcome of the last attempt.
 *
 * <p>After a few attempts that were each granted by some nodes and not by enough, it asks one node first, the same that others ask first: so that of several that split the nodes
 * between them one wins.
 *
 * <p>The monitor guards the fields below the result and is never held while anything is sent or completed.
 */
final class Acquisition {
    private static final int MOST_SPLITS = 3;

    /** Others that were woken need no longer than this to get in, however long the pauses between attempts are. */
    private static final Duration LONGEST_YIELD = Duration.ofMillis(50);

    private final Quorum quorum;
    private final WaitingRoom room;
    private final Function<Outcome.Won, HeldLease> hold;
    private final String resource;
    private final long floor;
    private final Duration maxWait;
    private final long startNanos;
    private final Backoff backoff;
    private final CompletableFuture<Outcome> result = new CompletableFuture<>();

    private boolean hadTurn;
    private boolean attempting;
    /** The attempt waits for others of the client to end. */
    private boolean queued;

    private boolean woken;
    private int attempts;
    private int failures;
    private int splits;
    private int gate = Attempt.ALL_AT_ONCE;
    private @Nullable Attempt attempt;
    private Scheduler.@Nullable Task pause;

    Acquisition(WaitingRoom room, Quorum quorum, Function<Outcome.Won, HeldLease> hold, Demand demand) {
        this.quorum = quorum;
        this.room = room;
        this.hold = hold;
        this.resource = demand.resource();
        this.floor = demand.floor();
        this.maxWait = demand.maxWait();
        this.startNanos = quorum.nanoTime();
        this.backoff = new Backoff(quorum.settings().retry());
    }

    String resource() {
        return resource;
    }

    /** How the trying ends. Whoever completes it first ends the trying, and nothing stays locked. Whoever takes an {@link Outcome.Acquired} from it owns the lease. */
    CompletableFuture<Outcome> result() {
        return result;
    }

    /** Begins to try. */
    void start() {
        CompletionStage<Outcome> end = result;
        if (maxWait.isZero() || maxWait.isNegative()) {
            end.whenComplete((outcome, failure) -> stop());
            attempt();
            return;
        }
        Scheduler.Task timeout = quorum.schedule(maxWait, this::giveUpInLine);
        end.whenComplete((outcome, failure) -> {
            timeout.cancel();
            stop();
            room.leave(this);
        });
        room.enter(this);
        if (result.isDone()) {
            // It may have ended before it stood in line, and then nobody else takes it out.
            room.leave(this);
        }
    }

    /** It is the first in its line; yielding lets others go first, by a first pause. */
    void turn(boolean yielding) {
        synchronized (this) {
            hadTurn = true;
        }
        wake(yielding);
    }

    /** What it waits for may be free now; yielding as above. */
    void wake(boolean yielding) {
        Scheduler.Task paused;
        synchronized (this) {
            if (attempting || !hadTurn) {
                woken = hadTurn;
                return;
            }
            paused = pause;
            if (yielding) {
                Duration first = backoff.pause(1, Long.MAX_VALUE, quorum.jitter());
                pause = quorum.schedule(first.compareTo(LONGEST_YIELD) < 0 ? first : LONGEST_YIELD, this::proceed);
            }
        }
        if (paused != null) {
            paused.cancel();
        }
        if (!yielding) {
            proceed();
        }
    }

    /** Makes an attempt, unless a lease of this process is known to be in the way: then that is waited for, with its own end as the net. */
    private void proceed() {
        if (result.isDone()) {
            return;
        }
        Optional<HeldLease> holder = room.holder(resource);
        if (holder.isEmpty()) {
            attempt();
            return;
        }
        pauseFor(holder.get().remaining().plusMillis(1));
        // If it ended meanwhile, this pause may have replaced a shorter one, and nobody is left who would end it.
        if (!result.isDone() && room.holder(resource).isEmpty()) {
            wake(false);
        }
    }

    /** Makes an attempt as soon as the client has not too many under way. */
    private void attempt() {
        synchronized (this) {
            if (attempting) {
                return;
            }
            attempting = true;
            queued = true;
            woken = false;
        }
        if (!quorum.admission().enter(this::admitted) && isOverdue()) {
            result.complete(Outcome.Contended.BEHIND_OTHERS);
        }
    }

    private boolean admitted() {
        if (result.isDone() || !quorum.beginAttempt()) {
            return false;
        }
        int first;
        synchronized (this) {
            queued = false;
            attempts++;
            first = gate;
        }
        Attempt started = Attempt.start(quorum, resource, floor, first);
        synchronized (this) {
            attempt = started;
        }
        if (result.isDone()) {
            started.abandon();
        }
        started.outcome().thenAccept(this::onOutcome);
        started.settled().thenRun(quorum::endAttempt);
        return true;
    }

    private void stop() {
        Attempt running;
        Scheduler.Task paused;
        synchronized (this) {
            running = attempt;
            paused = pause;
        }
        if (paused != null) {
            paused.cancel();
        }
        if (running != null) {
            running.abandon();
        }
    }

    private void onOutcome(Outcome outcome) {
        if (outcome instanceof Outcome.Superseded superseded) {
            quorum.catchUp(superseded.view()).thenAccept(known -> onOutcome(superseded.then(known, resource)));
            return;
        }
        synchronized (this) {
            attempting = false;
        }
        if (outcome instanceof Outcome.Won won) {
            acquired(won);
        } else if (outcome instanceof Outcome.Contended contended) {
            noteSplit(contended);
            retry(contended.heldMillis(), contended);
        } else if (outcome instanceof Outcome.Unavailable) {
            retry(Long.MAX_VALUE, outcome);
        } else if (outcome instanceof Outcome.CaughtUp) {
            proceed();
        } else {
            result.complete(outcome);
        }
    }

    private void acquired(Outcome.Won won) {
        HeldLease lease = hold.apply(won);
        int made;
        synchronized (this) {
            made = attempts;
        }
        Duration waited = Duration.ofNanos(quorum.nanoTime() - startNanos);
        quorum.events().emit(() -> new LockEvent.Acquired(lease.token(), made, won.roundTrips(), waited));
        if (!result.complete(new Outcome.Acquired(lease))) {
            lease.close();
        }
    }

    private void noteSplit(Outcome.Contended contended) {
        synchronized (this) {
            splits = contended.split() ? splits + 1 : 0;
            gate = splits >= MOST_SPLITS ? contended.answered() : Attempt.ALL_AT_ONCE;
        }
    }

    private void retry(long heldMillis, Outcome last) {
        long left = leftNanos();
        if (left <= 0) {
            result.complete(last);
            return;
        }
        room.watch(resource);
        boolean again;
        Duration delay;
        synchronized (this) {
            failures++;
            again = woken;
            delay = backoff.pause(failures, heldMillis, quorum.jitter());
            if (splits > 0 && delay.compareTo(LONGEST_YIELD) > 0) {
                // Perhaps nobody holds it, and then nobody will announce a release: the loser of a split must not wait
                // for one.
                delay = LONGEST_YIELD.dividedBy(2).plusNanos(quorum.jitter().nextLong(LONGEST_YIELD.toNanos()));
            }
        }
        if (again) {
            proceed();
        } else {
            pauseFor(delay);
        }
    }

    /** Goes on after a while, or at the end of the wait if that is earlier. */
    private void pauseFor(Duration delay) {
        long left = leftNanos();
        if (left <= 0) {
            result.complete(Outcome.Contended.BEHIND_OTHERS);
            return;
        }
        synchronized (this) {
            Scheduler.Task before = pause;
            if (before != null) {
                before.cancel();
            }
            pause = quorum.schedule(Duration.ofNanos(Math.min(left, delay.toNanos())), this::proceed);
        }
        if (result.isDone()) {
            stop();
        }
    }

    private void giveUpInLine() {
        boolean stillInLine;
        synchronized (this) {
            stillInLine = !hadTurn || queued;
        }
        if (stillInLine) {
            result.complete(Outcome.Contended.BEHIND_OTHERS);
        }
    }

    /** Whether the wait is over: never where there is none, since a single attempt takes the time that it takes. */
    private boolean isOverdue() {
        return !maxWait.isZero() && !maxWait.isNegative() && leftNanos() <= 0;
    }

    private long leftNanos() {
        return maxWait.toNanos() - (quorum.nanoTime() - startNanos);
    }
}
