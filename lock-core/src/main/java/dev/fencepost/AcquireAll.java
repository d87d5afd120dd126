package dev.fencepost;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** Takes several locks one after the other, in the order of their names. */
final class AcquireAll {
    private AcquireAll() {}

    /** All of them or none. */
    static MultiLease of(LockClient client, Collection<String> resources, Duration maxWait) {
        Objects.requireNonNull(maxWait, "maxWait");
        TreeSet<String> names = new TreeSet<>();
        for (String resource : resources) {
            if (!names.add(FencingToken.requireResource(resource))) {
                throw new IllegalArgumentException("resources must differ, but '" + resource + "' is given twice");
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("resources must name at least one resource, but are empty");
        }
        long startNanos = System.nanoTime();
        List<Lease> leases = new ArrayList<>();
        try {
            for (String name : names) {
                leases.add(client.acquire(name, maxWait.minusNanos(System.nanoTime() - startNanos)));
            }
            requireAllHeld(leases, maxWait);
            return new LeaseGroup(leases);
        } catch (RuntimeException | Error e) {
            leases.forEach(Lease::close);
            throw e;
        }
    }

    /** While the last one was waited for, the first may have run out. */
    private static void requireAllHeld(List<Lease> leases, Duration maxWait) {
        for (Lease lease : leases) {
            if (!lease.isHeld()) {
                throw new LockTimeoutException(
                        lease.resource(),
                        maxWait,
                        "its lease ran out while the others were waited for; allow for a longer lease, automatic extension, or less waiting");
            }
        }
    }
}
