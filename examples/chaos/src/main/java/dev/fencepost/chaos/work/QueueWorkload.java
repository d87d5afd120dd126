package dev.fencepost.chaos.work;

import dev.fencepost.chaos.history.Holder;
import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Observation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Many waiters for few resources, with leases that are extended automatically: most are short, some outlast their first time, and some are waited for to end. */
final class QueueWorkload implements Workload {
    private static final int RESOURCES = 2;
    private static final int LONG_ONE_IN = 200;
    private static final int LOST_ONE_IN = 400;
    private static final long SHORT_MICROS = 4_000;
    private static final long PATIENCE_SECONDS = 6;

    private final Tools tools;

    QueueWorkload(Tools tools) {
        this.tools = tools;
    }

    @Override
    public void cycle() {
        String resource = "queue/" + tools.random().nextInt(RESOURCES);
        try (RecordedLease lease = tools.leases().acquire(resource, WAIT)) {
            if (tools.random().nextInt(LOST_ONE_IN) == 0) {
                awaitLoss(lease);
            } else if (tools.random().nextInt(LONG_ONE_IN) == 0) {
                hold(lease, tools.settings().lease().toNanos() * 5 / 4);
            } else {
                hold(lease, TimeUnit.MICROSECONDS.toNanos(tools.random().nextLong(SHORT_MICROS)));
            }
        }
    }

    private static void hold(RecordedLease lease, long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() - until < 0 && lease.isHeld()) {
            LockSupport.parkNanos(Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(20)));
        }
    }

    /** Extension goes on up to an age, and then the lease ends although nobody closes it. */
    private void awaitLoss(RecordedLease lease) {
        CompletableFuture<Long> told = new CompletableFuture<>();
        lease.onLost(() -> told.complete(System.nanoTime()));
        while (lease.isHeld()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        long deadline = System.nanoTime();
        tools.store()
                .recorder()
                .observation(new Observation.Loss(
                        tools.settings().identity().name(), Holder.of(lease.token()), deadline, moment(told)));
    }

    private static long moment(CompletableFuture<Long> told) {
        try {
            return told.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return LeaseFact.NEVER;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return LeaseFact.NEVER;
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is completed with a time", e);
        }
    }
}
