package dev.fencepost.chaos;

import dev.fencepost.chaos.check.Invariant;
import dev.fencepost.chaos.work.Variant;
import dev.fencepost.servers.Persistence;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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

    /**
     * A control: something of the product is missing.
     *
     * @param kinds faults that show it, if it takes any
     * @param violates what is violated because of that, whatever else goes wrong in such a workload; some of it has to be
     */
    record Lacking(List<FaultKind> kinds, Set<Invariant> violates) implements Course {}

    /** One node is bad all the time, in turns with none. */
    record InTurns() implements Course {}

    /** Whether one node is bad all the time, and what that costs is measured. */
    boolean isInTurns() {
        return course instanceof InTurns;
    }

    /** A control ends as soon as it has shown what it is there for. */
    boolean isControl() {
        return course instanceof Lacking;
    }

    /** What may not be violated: everything; or what a control has to violate. */
    Set<Invariant> judged() {
        return course instanceof Lacking lacking ? lacking.violates() : EnumSet.allOf(Invariant.class);
    }

    /** Which faults there are. */
    List<FaultKind> kinds() {
        if (course instanceof Faults faults) {
            return faults.kinds();
        }
        return course instanceof Lacking lacking ? lacking.kinds() : List.of();
    }
}
