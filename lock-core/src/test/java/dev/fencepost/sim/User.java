package dev.fencepost.sim;

import dev.fencepost.FencepostException;
import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LeaseLostException;
import dev.fencepost.LockClient;
import dev.fencepost.internal.Extending;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes locks, one after the other, and does with them what users do, also to the store. */
final class User {
    private static final long THINKING = 80 * Timing.MILLI;
    private static final long HOLDING = 50 * Timing.MILLI;
    /** Where many hold it one after the other. */
    private static final long MOMENT = 20 * Timing.MILLI;

    /** The most that a demanded token is beyond those that are there. */
    private static final long DEMAND = 4;

    private static final int EXTENSIONS = 8;

    private final Simulation world;
    private final ClientProcess process;
    private final LockClient client;

    User(Simulation world, ClientProcess process, LockClient client) {
        this.world = world;
        this.process = process;
        this.client = client;
    }

    /** Goes on until the faults are over. */
    void goOn() {
        process.at(process.instant() + random().nextLong(THINKING), () -> {
            if (!world.isHealed()) {
                call(world.resource());
            }
        });
    }

    /** Takes the lock once, and has to get it. */
    void take(String resource) {
        Monitor.Call call = world.monitor().called(process, resource, Timing.BOUND);
        client.acquireAsync(resource, Duration.ofNanos(Timing.BOUND)).whenComplete((lease, failure) -> {
            world.monitor().completed(call);
            if (lease == null) {
                world.monitor().fail(Invariant.LIVENESS, process + " did not get " + resource + ": " + failure);
            } else {
                world.monitor().handed(call, lease);
                long holding = isPatient() ? random().nextLong(4 * HOLDING) : Timing.MILLI;
                process.schedule(Duration.ofNanos(holding), lease::close);
            }
        });
    }

    private void call(String resource) {
        if (isOneIn(3)) {
            Monitor.Call call = world.monitor().called(process, resource, 0);
            client.tryAcquireAsync(resource)
                    .whenComplete((found, failure) -> ended(call, found == null ? Optional.empty() : found, failure));
            return;
        }
        long maxWait = 1 + random().nextLong(2 * Timing.LEASE);
        Monitor.Call call = world.monitor().called(process, resource, maxWait);
        boolean brisk = world.scenario().isBrisk();
        CompletionStage<Lease> stage = brisk && isOneIn(6)
                ? demand(call, resource, Duration.ofNanos(maxWait))
                : client.acquireAsync(resource, Duration.ofNanos(maxWait));
        if (isOneIn(brisk ? 2 : 6)) {
            Duration patience = Duration.ofNanos(random().nextLong(brisk ? THINKING : maxWait));
            process.schedule(patience, () -> stage.toCompletableFuture().cancel(false));
        }
        stage.whenComplete((lease, failure) -> ended(call, Optional.ofNullable(lease), failure));
    }

    /** Somebody has a token that is known from elsewhere, and wants a larger one. */
    private CompletionStage<Lease> demand(Monitor.Call call, String resource, Duration maxWait) {
        long last = world.monitor().largest(resource) + 1 + random().nextLong(DEMAND);
        call.demand(last);
        return client.acquireAboveAsync(FencingToken.of(resource, last), maxWait);
    }

    private void ended(Monitor.Call call, Optional<Lease> lease, @Nullable Throwable failure) {
        world.monitor().completed(call);
        boolean expected =
                failure == null || failure instanceof FencepostException || failure instanceof CancellationException;
        if (!expected) {
            world.monitor().fail(Invariant.NO_SURPRISE, "a call ended with " + failure);
        }
        lease.ifPresentOrElse(made -> use(call, made), this::goOn);
    }

    private void use(Monitor.Call call, Lease made) {
        Lease lease = world.scenario().mutant().lease(made, process);
        world.monitor().handed(call, lease);
        if (!isOneIn(3)) {
            world.monitor().wantsToBeTold(lease);
            lease.onLost(() -> world.monitor().told(lease));
        }
        if (isOneIn(2)) {
            new Writing(world, process, lease.token()).start();
        }
        boolean hard = world.scenario().isHard();
        for (int i = 0; hard && i < EXTENSIONS; i++) {
            process.schedule(Duration.ofNanos(random().nextLong(2 * Timing.LEASE)), () -> extend(made));
        }
        if (!hard && isOneIn(4)) {
            process.schedule(Duration.ofNanos(random().nextLong(Timing.LEASE)), () -> extend(made));
        }
        long usual = world.scenario().isBrisk() ? MOMENT : HOLDING;
        long holding = random().nextLong(!isPatient() && isOneIn(hard ? 2 : 8) ? 2 * Timing.LEASE : usual);
        boolean closing = isPatient() || !isOneIn(6);
        process.schedule(Duration.ofNanos(holding), () -> {
            if (closing) {
                lease.close();
            }
            goOn();
        });
    }

    private void extend(Lease lease) {
        try {
            long length = isOneIn(2) ? Timing.LEASE : Timing.LONGEST_LEASE;
            Extending.start(lease, Duration.ofNanos(length));
        } catch (LeaseLostException e) {
            world.trace(() -> process + ": too late to extend " + lease);
        }
    }

    private boolean isPatient() {
        return world.scenario().shape().pace() == Scenario.Pace.PATIENT;
    }

    private boolean isOneIn(int n) {
        return random().nextInt(n) == 0;
    }

    private SplittableRandom random() {
        return world.random();
    }
}
