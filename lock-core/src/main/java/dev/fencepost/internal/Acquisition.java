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
 * <p>The monitor guards the fields below the result and is never held while anything is sent or completed.
 */
final class Acquisition {
    private final Quorum quorum;
    private final WaitingRoom room;
    private final Function<Outcome.Won, HeldLease> hold;
    private final Demand demand;
    private final long place;

    private final Wait wait;
    private final Backoff backoff;
    private final Pause pause;
    private final CompletableFuture<Outcome> result = new CompletableFuture<>();

    private boolean hadTurn;
    private boolean attempting;
    private boolean woken;
    /** The attempt waits for others of the client to end. */
    private boolean queued;

    private int attempts;
    private int failures;
    private final Splits splits = new Splits();
    private @Nullable Attempt attempt;

    Acquisition(WaitingRoom room, Quorum quorum, Function<Outcome.Won, HeldLease> hold, Demand demand) {
        this.quorum = quorum;
        this.room = room;
        this.hold = hold;
        this.demand = demand;
        this.place = room.place();
        this.wait = new Wait(quorum, demand.maxWait());
        this.backoff = new Backoff(quorum.settings().retry());
        this.pause = new Pause(quorum, this::proceed);
    }

    Demand demand() {
        return demand;
    }

    long place() {
        return place;
    }

    /** How the trying ends. Whoever completes it first ends the trying, and nothing stays locked. Whoever takes an {@link Outcome.Acquired} from it owns the lease. */
    CompletableFuture<Outcome> result() {
        return result;
    }

    /** Begins to try. */
    void start() {
        CompletionStage<Outcome> end = result;
        if (!demand.waits()) {
            end.whenComplete((outcome, failure) -> stop());
            attempt();
            return;
        }
        Scheduler.Task timeout = quorum.schedule(demand.maxWait(), this::giveUpInLine);
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

    /** It is the first in its line, and lets so many others go first, by a first pause. */
    void turn(long others) {
        synchronized (this) {
            hadTurn = true;
            splits.begin();
        }
        wake(others);
    }

    /** What it waits for may be free now; others as above. */
    void wake(long others) {
        synchronized (this) {
            splits.hear();
            if (attempting || !hadTurn) {
                woken = hadTurn;
                return;
            }
            pause.cancel();
            if (others > 0) {
                long nanos = backoff.courtesy(others, quorum.jitter()).toNanos();
                pause.begin(Duration.ofNanos(Math.max(0, Math.min(nanos, wait.left()))));
            }
        }
        if (others == 0) {
            proceed();
        }
    }

    /** Makes an attempt, unless a lease of this process is known to be in the way: then that is waited for, with its own end as the net. */
    private void proceed() {
        if (result.isDone()) {
            return;
        }
        Optional<HeldLease> holder = room.holder(demand.resource());
        if (holder.isEmpty()) {
            attempt();
            return;
        }
        pauseFor(holder.get().remaining().plusMillis(1));
        // If it ended meanwhile, this pause may have replaced a shorter one, and nobody is left who would end it.
        if (!result.isDone() && room.holder(demand.resource()).isEmpty()) {
            wake(0);
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
        }
        // Never where there is no wait, since a single attempt takes the time that it takes.
        if (!quorum.admission().enter(this::admitted) && demand.waits() && wait.left() <= 0) {
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
            woken = false;
            attempts++;
            first = splits.gate();
        }
        long rounds = quorum.joining().rounds();
        Attempt started = Attempt.start(quorum, room.wanted(this), first);
        synchronized (this) {
            attempt = started;
        }
        if (result.isDone()) {
            started.abandon();
        }
        started.outcome().thenAccept(outcome -> onOutcome(rounds, outcome));
        started.settled().thenRun(quorum::endAttempt);
        return true;
    }

    private void stop() {
        Attempt running;
        synchronized (this) {
            running = attempt;
        }
        pause.cancel();
        if (running != null) {
            running.abandon();
        }
    }

    private void onOutcome(long rounds, Outcome outcome) {
        if (outcome instanceof Outcome.Superseded superseded) {
            CompletionStage<Boolean> known = wait.isLongOver()
                    ? CompletableFuture.completedStage(false)
                    : quorum.joining().catchUp(superseded.view());
            known.thenAccept(now -> onDecided(superseded.then(now, demand.resource())));
            return;
        }
        boolean mayBeOver = outcome instanceof Outcome.Unavailable && !wait.isLongOver();
        Optional<CompletionStage<Boolean>> settling =
                mayBeOver ? quorum.joining().settling(rounds) : Optional.empty();
        // Perhaps the nodes are just becoming another set, which takes no longer than to look at them.
        settling.ifPresentOrElse(
                settled -> settled.thenAccept(done -> onDecided(done ? new Outcome.CaughtUp() : outcome)),
                () -> onDecided(outcome));
    }

    private void onDecided(Outcome outcome) {
        synchronized (this) {
            attempting = false;
            splits.note(outcome);
        }
        if (outcome instanceof Outcome.Won won) {
            acquired(won);
        } else if (outcome instanceof Outcome.Contended contended) {
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
        Duration waited = wait.soFar();
        quorum.events().emit(() -> new LockEvent.Acquired(lease.token(), made, won.roundTrips(), waited));
        // Before anybody is told: a lease that is closed at once would be taken to be handed over in this line, and its
        // release would not be announced.
        room.leave(this);
        if (!result.complete(new Outcome.Acquired(lease))) {
            lease.close();
        }
    }

    /** Takes over what another lease of this process has held. */
    void inherit(Holding holding) {
        acquired(new Outcome.Won(holding, quorum.nanoTime(), 0));
    }

    private void retry(long heldMillis, Outcome last) {
        long left = wait.left();
        if (left <= 0) {
            result.complete(last);
            return;
        }
        room.watch(demand.resource());
        boolean again;
        Duration delay;
        Attempt tried;
        synchronized (this) {
            failures++;
            again = woken;
            tried = attempt;
            delay = splits.pause(backoff.pause(failures, heldMillis, quorum.jitter()), quorum.jitter());
        }
        if (again) {
            proceed();
            return;
        }
        pauseFor(delay);
        if (tried != null) {
            tried.lateGrant().thenRun(this::reconsider);
        }
    }

    /** Perhaps nobody holds the resource after all: does not pause for long. */
    void reconsider() {
        Duration left;
        Duration shorter;
        synchronized (this) {
            left = attempting ? Duration.ZERO : pause.left();
            shorter = splits.shortened(left, quorum.jitter());
        }
        if (shorter.compareTo(left) < 0) {
            pauseFor(shorter);
        }
    }

    /** Goes on after a while, or at the end of the wait if that is earlier. */
    private void pauseFor(Duration delay) {
        long left = wait.left();
        if (left <= 0) {
            result.complete(Outcome.Contended.BEHIND_OTHERS);
            return;
        }
        pause.begin(Duration.ofNanos(Math.min(left, delay.toNanos())));
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
}
