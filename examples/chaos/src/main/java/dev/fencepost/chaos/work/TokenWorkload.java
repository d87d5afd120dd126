package dev.fencepost.chaos.work;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Takes locks of few resources and holds each for a moment; leaves some to run out by themselves. */
final class TokenWorkload implements Workload {
    private static final int RESOURCES = 3;
    private static final int LONGEST_MICROS = 3_000;
    private static final int LEFT_ONE_IN = 50;

    private final Tools tools;

    TokenWorkload(Tools tools) {
        this.tools = tools;
    }

    @Override
    public void cycle() {
        String resource = "token/" + tools.random().nextInt(RESOURCES);
        tools.leases().tryAcquire(resource).ifPresent(lease -> {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(tools.random().nextInt(LONGEST_MICROS)));
            if (tools.random().nextInt(LEFT_ONE_IN) == 0) {
                lease.leave();
            } else {
                lease.close();
            }
        });
    }
}
