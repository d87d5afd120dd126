package dev.fencepost.internal;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LeaseLostException;
import dev.fencepost.LockEvent;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest.View;
import dev.fencepost.spi.Scheduler;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease on a quorum. It ends once: by being closed, or by being lost, which a timer sees to when nothing else does.
 *
 * <p>The monitor guards the fields below it. Under it only a restoration is sent, so that none can go out after the release; nobody is told anything under it.
 */
final class HeldLease implements Lease {
    private static final Logger LOG = LoggerFactory.getLogger(HeldLease.class);

    private enum State {
        HELD,
        LOST,
        RELEASED
    }

    private final Quorum quorum;
    private final WaitingRoom room;
    private final Holding holding;
    private final FencingToken token;
    private final long sinceNanos;
    /** Nodes that were never asked to lock. */
    private final BitSet untouched;

    private final AtomicInteger extensions = new AtomicInteger();
    private final LossActions lossActions;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private State state = State.HELD;
    private String overBecause = "";
    private long deadlineNanos;
    /** Of the quorum that was last known to hold it. */
    private String epoch;

    private Scheduler.@Nullable Task expiry;

    private HeldLease(Quorum quorum, WaitingRoom room, Outcome.Won won) {
        this.quorum = quorum;
        this.room = room;
        this.holding = won.holding();
        this.token = new FencingToken(lock().resource(), holding.token(), lock().owner());
        this.sinceNanos = won.sinceNanos();
        this.lossActions = new LossActions(token, quorum.environment().executor());
        this.epoch = holding.term().epoch();
        this.untouched = holding.term().untouched();
        this.deadlineNanos = holding.term().deadlineNanos();
    }

    /** Makes a lease of what an attempt has won, and watches over its end. */
    static HeldLease of(Quorum quorum, WaitingRoom room, Outcome.Won won) {
        HeldLease lease = new HeldLease(quorum, room, won);
        lease.expireLater();
        return lease;
    }

    /** As the nodes know it. */
    HeldLock lock() {
        return holding.lock();
    }

    AtomicInteger extensions() {
        return extensions;
    }

    /** When the lease was asked for, by the quorum's clock. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** Completes when the lease is over, closed or lost, and what it held is released or left to run out. */
    CompletionStage<Void> over() {
        return over;
    }

    @Override
    public String resource() {
        return lock().resource();
    }

    @Override
    public FencingToken token() {
        return token;
    }

    @Override
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    @Override
    public boolean isHeld() {
        return remainingNanos() > 0;
    }

    @Override
    public void extend(Duration duration) {
        Extension.Result end = Waiting.await(extending(duration), "extend the lease " + token);
        if (end.verdict() == Tally.Verdict.UNAVAILABLE) {
            throw new QuorumUnavailableException("the lease " + token + " could not be extended", end.reasons());
        }
        requireHeld();
    }

    /** Asks all nodes to prolong the lease, and does not wait for them; the lease has taken note of the result when it is there. */
    CompletableFuture<Extension.Result> extending(Duration duration) {
        long ttlMillis = quorum.settings().requireLease("duration", duration).toMillis();
        requireHeld();
        return Prolongation.start(quorum, this, ttlMillis);
    }

    /** Takes note of an extension. What was lost stays lost, even if the nodes did prolong it. */
    void extended(Extension.Result result) {
        if (result.verdict() == Tally.Verdict.LOST) {
            end(State.LOST, "a quorum of nodes does not hold it any more: " + result.reasons());
        } else if (result.verdict() == Tally.Verdict.HELD && !isNext(result.epoch())) {
            end(State.LOST, "the set of nodes was changed more than once since it was last extended");
        } else if (result.verdict() == Tally.Verdict.HELD && prolong(result)) {
            quorum.events().emit(() -> new LockEvent.Extended(token, remaining()));
        }
    }

    /** Locks again on a node that has lost the lock while a quorum holds it. */
    void restoreOn(int node, View view, long ttlMillis) {
        synchronized (this) {
            if (remainingNanos() > 0) {
                untouched.clear(node);
                quorum.restore(node, lock(), view, ttlMillis).thenAccept(reply -> onRestored(node, reply));
            }
        }
    }

    @Override
    public void onLost(Runnable action) {
        Objects.requireNonNull(action, "action");
        requireExpired();
        synchronized (this) {
            if (state == State.HELD) {
                lossActions.add(action);
                return;
            }
            if (state == State.RELEASED) {
                return;
            }
        }
        lossActions.run(action);
    }

    @Override
    public void close() {
        end(State.RELEASED, "it was closed");
    }

    private synchronized long remainingNanos() {
        return state == State.HELD ? LeaseTime.remainingNanos(quorum.nanoTime(), deadlineNanos) : 0;
    }

    private synchronized boolean prolong(Extension.Result result) {
        if (remainingNanos() == 0) {
            return false;
        }
        deadlineNanos = LeaseTime.later(deadlineNanos, result.deadlineNanos());
        epoch = Epoch.of(epoch).changes() < Epoch.of(result.epoch()).changes() ? result.epoch() : epoch;
        return true;
    }

    /** Quorums of a set of nodes and of the next one meet; those of the one after need not, and may be somebody else's. */
    private synchronized boolean isNext(String of) {
        return Epoch.of(of).changes() - Epoch.of(epoch).changes() <= 1;
    }

    private void requireHeld() {
        requireExpired();
        synchronized (this) {
            if (state != State.HELD) {
                throw new LeaseLostException(token, overBecause);
            }
        }
    }

    /** Ends the lease if its time is up, without waiting for the timer. */
    private void requireExpired() {
        boolean up;
        synchronized (this) {
            up = state == State.HELD && remainingNanos() == 0;
        }
        if (up) {
            end(State.LOST, "its time was up");
        }
    }

    private void expireLater() {
        synchronized (this) {
            if (state == State.HELD) {
                expiry = quorum.schedule(Duration.ofNanos(remainingNanos()), this::onExpiry);
            }
        }
    }

    private void onExpiry() {
        requireExpired();
        expireLater();
    }

    private void end(State as, String why) {
        List<Runnable> told;
        boolean wasHeld;
        Scheduler.Task timer;
        synchronized (this) {
            if (state == State.RELEASED || state == as) {
                return;
            }
            wasHeld = state == State.HELD;
            state = as;
            overBecause = why;
            List<Runnable> actions = lossActions.take();
            told = wasHeld && as == State.LOST ? actions : List.of();
            timer = expiry;
        }
        if (timer != null) {
            timer.cancel();
        }
        if (as == State.LOST) {
            tell(as, why, wasHeld, told);
            return;
        }
        Runnable telling = () -> tell(as, why, wasHeld, told);
        if (!wasHeld || !room.handsOn(this, rest(), telling)) {
            release(telling);
        }
    }

    private void release(Runnable telling) {
        OptionalInt own = room.announces(this);
        if (own.isPresent()) {
            quorum.release(
                    lock(), true, this::isTouched, watchers -> room.noteWatchers(this, watchers, own.getAsInt()));
            telling.run();
        } else {
            quorum.handOvers().release(lock(), this::isTouched, telling);
        }
    }

    /** Also lets the next in line begin. */
    private void tell(State as, String why, boolean wasHeld, List<Runnable> told) {
        if (wasHeld) {
            report(as, why);
            told.forEach(lossActions::run);
        }
        over.complete(null);
    }

    /** What the next in line may have: nothing of which it is just being found out whether it is held. */
    private synchronized Optional<Holding> rest() {
        Holding.Term now = new Holding.Term(deadlineNanos, epoch, untouched);
        return now.isFresh(quorum) && extensions.get() == 0 ? holding.next(now) : Optional.empty();
    }

    private synchronized boolean isTouched(int node) {
        return !untouched.get(node);
    }

    private void report(State as, String why) {
        Duration heldFor = Duration.ofNanos(quorum.nanoTime() - sinceNanos);
        quorum.events()
                .emit(() -> as == State.LOST
                        ? new LockEvent.Lost(token, heldFor, why)
                        : new LockEvent.Released(token, heldFor));
    }

    private void onRestored(int node, NodeReply reply) {
        LOG.debug("restoring {} on {}: {}", token, quorum.name(node), reply);
    }

    @Override
    public String toString() {
        return token + " (" + remaining().toMillis() + " ms left)";
    }
}
