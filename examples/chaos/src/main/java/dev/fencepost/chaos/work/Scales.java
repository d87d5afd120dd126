package dev.fencepost.chaos.work;

import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.Reading;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Objects;

/** Finds out what of this process's heap is in use, and not only not collected yet. */
final class Scales {
    private static final long KIB = 1_024;

    private Scales() {}

    /** Collects everything that can be, and says what was left then. */
    static Observation weigh(String worker) {
        ManagementFactory.getMemoryMXBean().gc();
        long bytes = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .filter(Objects::nonNull)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
        return new Observation.Live(worker, new Reading(System.nanoTime(), bytes / KIB));
    }
}
