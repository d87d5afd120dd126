package dev.fencepost.chaos;

import dev.fencepost.chaos.check.Invariant;
import dev.fencepost.chaos.work.Variant;
import dev.fencepost.servers.Persistence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which trials a run is made of. */
final class Plan {
    /** A control ends when it has shown what it is there for; this is how long it may take. */
    private static final Duration CONTROL = Duration.ofSeconds(40);

    /** What a control takes as a rule, its start included. */
    private static final Duration USUAL_CONTROL = Duration.ofSeconds(7);

    /** What a trial takes beside the time in which faults happen. */
    private static final Duration AROUND = Duration.ofSeconds(9);

    private static final Duration SHORTEST = Duration.ofSeconds(5);

    /** What a trial leaves behind has to fit into a memory when it is checked. Whoever has more time gets more trials, and no longer ones. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** One part in so many goes to the turns with one bad node. */
    private static final int TURNS_ONE_IN = 15;

    private static final Duration SHORTEST_TURNS = Duration.ofSeconds(12);
    private static final Duration LONGEST_TURNS = Duration.ofMinutes(4);

    private static final List<Persistence> PERSISTENCES =
            List.of(Persistence.ALWAYS, Persistence.EVERYSEC, Persistence.NONE);

    /** Of those that wait, several in a worker want the same: they take over from each other. */
    private static final List<String> ALL = List.of(
            "token",
            "token",
            "set",
            "bank",
            "billing",
            "note",
            "queue",
            "queue",
            "queue",
            "queue",
            "hold",
            "hold",
            "hold",
            "hold",
            "slow set");

    private static final List<String> QUEUES = List.of("queue", "queue", "queue", "queue", "queue", "queue");
    private static final List<String> SETS = List.of("set", "set", "set");
    private static final List<String> TOKENS = List.of("token", "token", "token", "token", "token");
    private static final List<String> SLOW = List.of("slow sets", "slow sets", "slow sets", "slow sets");
    private static final List<String> STEADY = List.of("steady");
    private static final List<String> HOLDS = List.of("long hold", "long hold");

    private static final Set<Invariant> LOST = Set.of(Invariant.NO_WRITE_IS_LOST);
    private static final Set<Invariant> MIXED =
            Set.of(Invariant.NO_WRITE_IS_LOST, Invariant.HOLDERS_WRITE_IN_ONE_PIECE);
    private static final Set<Invariant> TOGETHER = Set.of(Invariant.HOLDERS_ARE_DISJOINT);
    private static final Set<Invariant> DISORDER =
            Set.of(Invariant.TOKENS_ARE_UNIQUE, Invariant.CALL_ORDER, Invariant.HOLD_ORDER);

    private Plan() {}

    /** The product on nodes of each persistence, then beside one bad node, and every control. */
    static List<TrialSpec> of(Duration length) {
        List<TrialSpec> controls = controls();
        Duration turns = atLeast(SHORTEST_TURNS, atMost(LONGEST_TURNS, length.dividedBy(TURNS_ONE_IN)));
        Duration underFaults = length.minus(USUAL_CONTROL.multipliedBy(controls.size()))
                .minus(turns)
                .minus(AROUND);
        List<TrialSpec> trials = new ArrayList<>(faulty(underFaults));
        trials.add(new TrialSpec(
                "the product beside one bad node",
                Variant.PRODUCT,
                Persistence.EVERYSEC,
                STEADY,
                new TrialSpec.InTurns(),
                turns));
        trials.addAll(controls);
        return trials;
    }

    /** As many as it takes for none to be too long. */
    private static List<TrialSpec> faulty(Duration all) {
        long times = 1 + all.minusSeconds(1).dividedBy(LONGEST.multipliedBy(PERSISTENCES.size()));
        Duration each = all.dividedBy(PERSISTENCES.size() * times).minus(AROUND);
        List<TrialSpec> trials = new ArrayList<>();
        for (long time = 1; time <= times; time++) {
            for (Persistence persistence : PERSISTENCES) {
                trials.add(new TrialSpec(
                        "the product, persistence " + persistence + (times > 1 ? ", time " + time : ""),
                        Variant.PRODUCT,
                        persistence,
                        ALL,
                        new TrialSpec.Faults(faults(persistence)),
                        atLeast(SHORTEST, each)));
            }
        }
        return trials;
    }

    private static Duration atLeast(Duration least, Duration length) {
        return length.compareTo(least) < 0 ? least : length;
    }

    private static Duration atMost(Duration most, Duration length) {
        return length.compareTo(most) > 0 ? most : length;
    }

    /** Each with what its missing protection is there for: other things go wrong in such workloads too, and show nothing. */
    private static List<TrialSpec> controls() {
        return List.of(
                control(Variant.NO_LOCK, SETS, Set.of(), LOST),
                control(Variant.LOCK_WITHOUT_GUARD, SETS, Set.of(FaultKind.PAUSE_OVER_A_CHANGE), LOST),
                control(Variant.MAXIMUM_WITHOUT_CONFIRM, TOKENS, Set.of(FaultKind.STORM_OF_EXPIRIES), DISORDER),
                control(Variant.BLIND_RAISE, TOKENS, Set.of(FaultKind.STORM_OF_EXPIRIES), DISORDER),
                control(Variant.ONE_FOR_SEVERAL, QUEUES, Set.of(FaultKind.STORM_OF_EXPIRIES), DISORDER),
                control(Variant.READ_BEFORE_CLAIM, SLOW, Set.of(), LOST),
                control(Variant.EQUALITY_WITHOUT_OWNER, SETS, Set.of(FaultKind.STORM_OF_EXPIRIES), MIXED),
                control(Variant.WALL_CLOCK, HOLDS, Set.of(FaultKind.SET_WORKER_CLOCK_BACK), TOGETHER),
                control(Variant.WIPED_NODE, TOKENS, Set.of(FaultKind.STORM_OF_WIPES), DISORDER));
    }

    private static TrialSpec control(
            Variant variant, List<String> workloads, Set<FaultKind> faults, Set<Invariant> violates) {
        return new TrialSpec(
                variant.title(),
                variant,
                Persistence.NONE,
                workloads,
                new TrialSpec.Lacking(List.copyOf(faults), violates),
                CONTROL);
    }

    /**
     * Nodes that keep nothing are wiped, and not killed besides, which would be the same. A disk that somebody vouches for is not put back.
     */
    private static List<FaultKind> faults(Persistence persistence) {
        List<FaultKind> faults = new ArrayList<>(FaultKind.forTheProduct());
        if (persistence == Persistence.NONE) {
            faults.remove(FaultKind.KILL_NODES);
        }
        if (persistence != Persistence.EVERYSEC) {
            faults.remove(FaultKind.RESTORE_SNAPSHOT);
        }
        return faults;
    }
}
