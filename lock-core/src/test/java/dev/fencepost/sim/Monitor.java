package dev.fencepost.sim;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockEvent;
import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Watches everything, with the eyes of somebody who sees all clocks, and takes down the first thing that does not hold. */
final class Monitor {
    private static final long PROMPTLY = 5 * Timing.MILLI;
    /** In node timeouts: an attempt that meets a newer view, finding out whether that is established, and another attempt in it. */
    private static final long ATTEMPTS = 3;

    private static final long SLACK = 200 * Timing.MILLI;

    private final Simulation world;
    private final Holds holds;
    private final Map<String, Attempted> attempts = new HashMap<>();
    private final Map<String, Map<Long, Attempted>> acquired = new HashMap<>();
    private final Map<String, Long> largest = new HashMap<>();
    private final Map<ClientProcess, List<Attempted>> leases = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private Optional<Violation> violation = Optional.empty();

    /** A call of a user's that is to complete. */
    static final class Call {
        private final ClientProcess process;
        private final long limit;
        private int completed;

        private Call(ClientProcess process, long limit) {
            this.process = process;
            this.limit = limit;
        }
    }

    Monitor(Simulation world) {
        this.world = world;
        this.holds = new Holds(this);
    }

    Holds holds() {
        return holds;
    }

    Optional<Violation> violation() {
        return violation;
    }

    /** How many acquisitions were complete. */
    long acquisitions() {
        return acquired.values().stream().mapToLong(Map::size).sum();
    }

    /** Something does not hold. */
    void fail(Invariant invariant, String what) {
        if (violation.isEmpty() && world.scenario().checked().contains(invariant)) {
            violation = Optional.of(
                    new Violation(invariant, what + " (" + world.loop().now() / 1_000 + " us)"));
        }
    }

    private void require(boolean holds, Invariant invariant, Object what) {
        if (!holds) {
            fail(invariant, what.toString());
        }
    }

    /** A first request for a lock is sent, or a further one of the same attempt. */
    void began(ClientProcess process, NodeRequest request, long ttlMillis) {
        if (attempts.containsKey(request.owner())) {
            return;
        }
        long shown = process.shown();
        process.observed(() -> attempts.computeIfAbsent(request.owner(), owner -> {
            Attempted attempt = new Attempted(process, request, largest.getOrDefault(request.resource(), 0L));
            attempt.asked(shown, ttlMillis);
            return attempt;
        }));
    }

    /** A request to prolong a lock is sent. */
    void extending(ClientProcess process, HeldLock lock, long ttlMillis) {
        attempt(lock.owner()).asked(process.shown(), ttlMillis);
    }

    /** The client says that something has happened. */
    void on(ClientProcess process, LockEvent event) {
        long shown = process.shown();
        process.observed(() -> {
            world.trace(() -> process + ": " + event);
            if (event instanceof LockEvent.Acquired of) {
                acquired(of.token());
            } else if (event instanceof LockEvent.Extended of) {
                extended(of, shown);
            } else if (event instanceof LockEvent.Lost of) {
                end(of.token()).lost++;
            } else if (event instanceof LockEvent.Released of) {
                end(of.token()).released++;
            }
        });
    }

    /** A user has a lease. */
    void handed(ClientProcess process, Lease lease) {
        process.observed(() -> {
            Attempted attempt = attempt(lease.token().owner());
            attempt.lease = Optional.of(lease);
            require(attempt.token == lease.token().value(), Invariant.UNIQUE, attempt + " is handed out as " + lease);
            leases.computeIfAbsent(process, name -> new ArrayList<>()).add(attempt);
            for (List<Attempted> each : leases.values()) {
                for (Attempted other : each) {
                    boolean both = other != attempt
                            && other.resource.equals(attempt.resource)
                            && attempt.isUsable()
                            && other.isUsable();
                    require(!both, Invariant.EXCLUSION, attempt + " and " + other + " are both usable");
                }
            }
        });
    }

    /** A user wants to be told of the loss. */
    void wantsToBeTold(Lease lease) {
        attempt(lease.token().owner()).wantsToBeTold = true;
    }

    /** A user is told of the loss. */
    void told(Lease lease) {
        Attempted attempt = attempt(lease.token().owner());
        attempt.told++;
        require(attempt.told == 1, Invariant.LOSS_TOLD_ONCE, attempt + " was told again");
        require(attempt.released == 0, Invariant.LOSS_TOLD_ONCE, attempt + " was told after it was closed");
    }

    /** A user calls something that is to complete. */
    Call called(ClientProcess process, long maxWait) {
        long attempts = ATTEMPTS * (world.scenario().isHard() ? Timing.LONG_NODE_TIMEOUT : Timing.NODE_TIMEOUT);
        long limit = process.shown() + maxWait + attempts + SLACK;
        Call call = new Call(process, limit - process.stoodStill());
        calls.add(call);
        return call;
    }

    void completed(Call call) {
        long allowed = call.limit + 2 * call.process.stoodStill();
        call.completed++;
        require(call.completed == 1, Invariant.STAGES_COMPLETE, "a stage completed twice in " + call.process);
        require(call.process.shown() <= allowed, Invariant.STAGES_COMPLETE, "a stage was late in " + call.process);
    }

    /** Something has happened in a process. */
    void check(ClientProcess process) {
        List<Attempted> own = leases.getOrDefault(process, new ArrayList<>());
        own.removeIf(attempt -> attempt.hasEnded() && attempt.overSince.isPresent());
        for (Attempted attempt : own) {
            long left = attempt.lease.orElseThrow().remaining().toNanos();
            if (left > 0) {
                require(attempt.overSince.isEmpty(), Invariant.NO_REVIVAL, attempt + " is usable again");
                require(process.shown() + left <= attempt.deadline, Invariant.DEADLINE, attempt + " lasts too long");
                require(!attempt.hasEnded(), Invariant.LOSS_TOLD_ONCE, attempt + " is usable after its end");
            } else if (attempt.overSince.isEmpty()) {
                attempt.overSince = OptionalLong.of(process.atWork());
            } else if (!process.standsStill()) {
                long late = process.atWork() - attempt.overSince.getAsLong();
                require(late < PROMPTLY, Invariant.LOSS_TOLD_ONCE, attempt + " is over and nobody was told");
            }
        }
    }

    /** All is over: nothing may be left undone. */
    void checkEnd() {
        for (Call call : calls) {
            boolean open = call.completed == 0 && !call.process.isDead();
            require(!open, Invariant.STAGES_COMPLETE, "a stage never completed in " + call.process);
        }
        for (Attempted attempt : attempts.values()) {
            if (attempt.process.isDead() || attempt.token == 0) {
                continue;
            }
            require(attempt.hasEnded(), Invariant.LOSS_TOLD_ONCE, attempt + " never ended");
            int due = attempt.wantsToBeTold ? attempt.lost : 0;
            require(attempt.told == due, Invariant.LOSS_TOLD_ONCE, attempt + " was told " + attempt.told + " times");
        }
    }

    private Attempted attempt(String owner) {
        return Objects.requireNonNull(attempts.get(owner), "an owner who never asked for anything");
    }

    private Attempted end(FencingToken token) {
        Attempted attempt = attempt(token.owner());
        require(!attempt.hasEnded(), Invariant.LOSS_TOLD_ONCE, attempt + " ended twice");
        return attempt;
    }

    private void acquired(FencingToken token) {
        long value = token.value();
        Attempted attempt = attempt(token.owner());
        attempt.token = value;
        Map<Long, Attempted> others = acquired.computeIfAbsent(token.resource(), name -> new HashMap<>());
        Attempted twin = others.putIfAbsent(value, attempt);
        require(twin == null, Invariant.UNIQUE, attempt + " has the token of " + twin);
        require(value > attempt.floor, Invariant.CALL_ORDER, attempt + " began after " + attempt.floor);
        holds.complete(token.owner(), value, attempt.epoch);
        largest.merge(token.resource(), value, Math::max);
        for (Attempted other : others.values()) {
            if (other.token < value && !other.hasEnded() && other.superseded.isEmpty()) {
                other.superseded = OptionalLong.of(other.process.shown());
            }
        }
    }

    private void extended(LockEvent.Extended event, long shown) {
        Attempted attempt = attempt(event.token().owner());
        long sent = shown + event.remaining().toNanos() - Timing.usable(attempt.longestTtlMillis);
        boolean revived = attempt.superseded.isPresent() && sent > attempt.superseded.getAsLong();
        require(!revived, Invariant.NO_REVIVAL, attempt + " was prolonged after somebody else had the lock");
    }
}
