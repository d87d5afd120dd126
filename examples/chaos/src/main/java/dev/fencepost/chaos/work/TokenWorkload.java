package dev.fencepost.chaos.work;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes locks of few resources and holds each for a moment; leaves some to run out by themselves. Those are so few because a resource is out of
 * use for a thousand times as long as a cycle takes.
 */
final class TokenWorkload implements Workload {
    private static final int RESOURCES = 6;
    private static final int LONGEST_MICROS = 3_000;
    private static final int LEFT_ONE_IN = 400;

    private final Tools tools;

    TokenWorkload(Tools tools) {
        this.tools = tools;
    }

    @Override
    public void cycle() {
        String resource = "token/" + tools.random().nextInt(RESOURCES);
        Optional<RecordedLease> taken = tools.leases().tryAcquire(resource);
        // Also when somebody else has it: a loop that does nothing but be refused takes the processor from those that
        // get locks.
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(tools.random().nextInt(LONGEST_MICROS)));
        taken.ifPresent(lease -> {
            if (tools.random().nextInt(LEFT_ONE_IN) == 0) {
                lease.leave();
            } else {
                lease.close();
            }
        });
    }
}
