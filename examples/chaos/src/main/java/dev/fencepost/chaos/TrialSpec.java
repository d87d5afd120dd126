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
 * @param course what goes wrong
 * @param length for how long
 */
record TrialSpec(
        String name, Variant variant, Persistence persistence, List<String> workloads, Course course, Duration length) {
    /** How many nodes. */
    static final int NODES = 5;

    /** How many workers. */
    static final int WORKERS = 3;

    /** So short that pauses of a second or two outlast it. */
    static final Duration LEASE = Duration.ofMillis(1_200);

    /** What goes wrong. */
    sealed interface Course {}

    /**
     * Faults come and go.
     *
     * @param kinds which
     */
    record Faults(List<FaultKind> kinds) implements Course {}

    /** One node is bad all the time, in turns with none. */
    record InTurns() implements Course {}

    /** Whether one node is bad all the time, and what that costs is measured. */
    boolean isInTurns() {
        return course instanceof InTurns;
    }

    /** A control ends as soon as it has shown what it is there for. */
    boolean isControl() {
        return variant != Variant.PRODUCT;
    }
}
