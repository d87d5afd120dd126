package dev.fencepost.chaos.work;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Takes locks and uses them for as long as they say to be held, which is when others may have them. */
final class HoldWorkload implements Workload {
    private static final int RESOURCES = 2;
    private static final int SHORT_MILLIS = 20;

    private final Tools tools;
    private final int longOneIn;

    /** Uses one lock in so many to its end, and the others for a moment. */
    HoldWorkload(Tools tools, int longOneIn) {
        this.tools = tools;
        this.longOneIn = longOneIn;
    }

    @Override
    public void cycle() {
        String resource = "hold/" + tools.random().nextInt(RESOURCES);
        boolean toTheEnd = tools.random().nextInt(longOneIn) == 0;
        long length = toTheEnd
                ? tools.settings().lease().toMillis() * 2
                : tools.random().nextInt(SHORT_MILLIS);
        try (RecordedLease lease = tools.leases().acquire(resource, WAIT)) {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(length);
            while (lease.isHeld() && System.nanoTime() - until < 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
    }
}
