package dev.fencepost.chaos;

import dev.fencepost.chaos.work.Variant;
import dev.fencepost.servers.Persistence;
import java.time.Duration;
import java.util.List;

/**
 * What a trial is made of.
 *
 * @param name for people
 * @param variant what workers lack
 * @param persistence what nodes have on disk
 * @param workloads what each worker's threads do
 * @param faults which faults may happen
 * @param length how long faults go on
 */
record TrialSpec(
        String name,
        Variant variant,
        Persistence persistence,
        List<String> workloads,
        List<FaultKind> faults,
        Duration length) {
    /** How many nodes. */
    static final int NODES = 5;

    /** How many workers. */
    static final int WORKERS = 3;

    /** So short that pauses of a second or two outlast it. */
    static final Duration LEASE = Duration.ofMillis(1_200);

    /** A control ends as soon as it has shown what it is there for. */
    boolean isControl() {
        return variant != Variant.PRODUCT;
    }
}
