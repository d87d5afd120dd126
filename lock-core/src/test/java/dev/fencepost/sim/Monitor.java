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
    private final Map<String, Map<Long, Leased>> acquired = new HashMap<>();
    private final Map<String, Long> largest = new HashMap<>();
    private final Map<ClientProcess, List<Leased>> leases = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private Optional<Violation> violation = Optional.empty();

    /** A call of a user's that is to complete. */
    static final class Call {
        private final ClientProcess process;
        private final long limit;
        /** The largest token that was complete when it began. */
        private long floor;

        private int completed;

        private Call(ClientProcess process, long limit) {
            this.process = process;
            this.limit = limit;
        }

        /** Only a larger token than this will do. */
        void demand(long last) {
            floor = Math.max(floor, last);
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

    /** How many of them took over what another one of the same process had held, without asking any node. */
    long inherited() {
        return acquisitions()
                - attempts.values().stream()
                        .filter(attempt -> !attempt.leases().isEmpty())
                        .count();
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
            Attempted attempt = new Attempted(process, request, largest(request.resource()));
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
                ended(of.token()).lost++;
            } else if (event instanceof LockEvent.Released of) {
                ended(of.token()).released++;
            }
        });
    }

    /** A user has the lease that was called for. */
    void handed(Call call, Lease lease) {
        call.process.observed(() -> {
            Leased leased = leased(lease.token());
            require(leased.lease.isEmpty(), Invariant.UNIQUE, leased + " is handed out twice");
            require(leased.token > call.floor, Invariant.CALL_ORDER, leased + " was called for after " + call.floor);
            leased.lease = Optional.of(lease);
            leases.computeIfAbsent(call.process, name -> new ArrayList<>()).add(leased);
            leases.values().forEach(those -> those.forEach(other -> requireApart(leased, other)));
        });
    }

    private void requireApart(Leased one, Leased other) {
        boolean both = other != one
                && other.attempt.resource.equals(one.attempt.resource)
                && one.isUsable()
                && other.isUsable();
        require(!both, Invariant.EXCLUSION, one + " and " + other + " are both usable");
    }

    /** A user wants to be told of the loss. */
    void wantsToBeTold(Lease lease) {
        leased(lease.token()).wantsToBeTold = true;
    }

    /** A user is told of the loss. */
    void told(Lease lease) {
        Leased leased = leased(lease.token());
        leased.told++;
        require(leased.told == 1, Invariant.LOSS_TOLD_ONCE, leased + " was told again");
        require(leased.released == 0, Invariant.LOSS_TOLD_ONCE, leased + " was told after it was closed");
    }

    /** A user calls for a lock, which is to complete. */
    Call called(ClientProcess process, String resource, long maxWait) {
        long attempts = ATTEMPTS * (world.scenario().isHard() ? Timing.LONG_NODE_TIMEOUT : Timing.NODE_TIMEOUT);
        long limit = process.shown() + maxWait + attempts + SLACK;
        Call call = new Call(process, limit - process.stoodStill());
        calls.add(call);
        process.observed(() -> call.demand(largest(resource)));
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
        List<Leased> own = leases.getOrDefault(process, new ArrayList<>());
        own.removeIf(leased -> leased.hasEnded() && leased.overSince.isPresent());
        for (Leased leased : own) {
            long left = leased.lease.orElseThrow().remaining().toNanos();
            if (left > 0) {
                long until = process.shown() + left;
                require(leased.overSince.isEmpty(), Invariant.NO_REVIVAL, leased + " is usable again");
                require(until <= leased.attempt.deadline, Invariant.DEADLINE, leased + " lasts too long");
                require(!leased.hasEnded(), Invariant.LOSS_TOLD_ONCE, leased + " is usable after its end");
            } else if (leased.overSince.isEmpty()) {
                leased.overSince = OptionalLong.of(process.atWork());
            } else if (!process.standsStill()) {
                long late = process.atWork() - leased.overSince.getAsLong();
                require(late < PROMPTLY, Invariant.LOSS_TOLD_ONCE, leased + " is over and nobody was told");
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
            if (!attempt.process.isDead()) {
                attempt.leases().forEach(this::checkEnd);
            }
        }
    }

    private void checkEnd(Leased leased) {
        require(leased.hasEnded(), Invariant.LOSS_TOLD_ONCE, leased + " never ended");
        int due = leased.wantsToBeTold ? leased.lost : 0;
        require(leased.told == due, Invariant.LOSS_TOLD_ONCE, leased + " was told " + leased.told + " times");
    }

    /** The largest token that is complete. */
    long largest(String resource) {
        return largest.getOrDefault(resource, 0L);
    }

    private Attempted attempt(String owner) {
        return Objects.requireNonNull(attempts.get(owner), "an owner who never asked for anything");
    }

    /** The lease that has this number and this owner. */
    private Leased leased(FencingToken token) {
        return attempt(token.owner()).leases().stream()
                .filter(leased -> leased.token == token.value())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a lease that nobody has acquired: " + token));
    }

    private Leased ended(FencingToken token) {
        Leased leased = leased(token);
        require(!leased.hasEnded(), Invariant.LOSS_TOLD_ONCE, leased + " ended twice");
        return leased;
    }

    private void acquired(FencingToken token) {
        long value = token.value();
        Attempted attempt = attempt(token.owner());
        require(attempt.mayBegin(value), Invariant.SUCCESSION, attempt + ": " + value + " after " + attempt.leases());
        Leased leased = attempt.begin(value);
        Map<Long, Leased> others = acquired.computeIfAbsent(token.resource(), name -> new HashMap<>());
        Leased twin = others.putIfAbsent(value, leased);
        require(twin == null, Invariant.UNIQUE, leased + " has the token of " + twin);
        require(value > attempt.floor, Invariant.CALL_ORDER, leased + " began after " + attempt.floor);
        holds.complete(token.owner(), value, attempt.epoch);
        if (value < largest(token.resource())) {
            attempt.supersede();
        }
        largest.merge(token.resource(), value, Math::max);
        for (Leased other : others.values()) {
            if (other.attempt != attempt && other.token < value) {
                other.attempt.supersede();
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
