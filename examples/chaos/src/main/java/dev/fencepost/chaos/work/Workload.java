package dev.fencepost.chaos.work;

import dev.fencepost.FencepostException;
import dev.fencepost.chaos.history.Recorder;
import java.time.Duration;
import java.util.Random;
import org.jdbi.v3.core.Jdbi;

/** What one thread of a worker does again and again. */
interface Workload {
    /** How long to wait for a lock. */
    Duration WAIT = Duration.ofSeconds(4);

    /**
     * Once more.
     *
     * @throws FencepostException when there was no lock to be had, or no database; the next cycle may be luckier
     */
    void cycle();

    /** Makes a workload by its name. */
    static Workload named(String name, Tools tools) {
        return switch (name) {
            case "token" -> new TokenWorkload(tools);
            case "set" -> new SetWorkload(tools, new SetWorkload.Manner("set/", 3, 0));
            case "slow set" -> slowly(tools, 1);
            case "slow sets" -> slowly(tools, 4);
            case "bank" -> new BankWorkload(tools);
            case "billing" -> new BillingWorkload(tools);
            case "note" -> new NoteWorkload(tools);
            case "queue" -> new QueueWorkload(tools);
            case "hold" -> new HoldWorkload(tools, 30);
            case "long hold" -> new HoldWorkload(tools, 2);
            case "steady" -> new SteadyWorkload(tools);
            default -> throw new IllegalArgumentException("no such workload: " + name);
        };
    }

    private static Workload slowly(Tools tools, int sets) {
        long thinking = 2 * tools.settings().lease().toMillis();
        return new SetWorkload(tools, new SetWorkload.Manner("slow/", sets, thinking));
    }

    /**
     * What a workload works with.
     *
     * @param settings how
     * @param leases the locks
     * @param store the database
     * @param points where it can be stopped
     * @param random decides what it does
     */
    record Tools(WorkerSettings settings, Leases leases, Storing store, Points points, Random random) {}

    /**
     * A worker's database.
     *
     * @param jdbi without a guard
     * @param guarding reads and writes
     * @param writes writes down
     * @param recorder where to
     */
    record Storing(Jdbi jdbi, Guarding guarding, Writes writes, Recorder recorder) {}
}
