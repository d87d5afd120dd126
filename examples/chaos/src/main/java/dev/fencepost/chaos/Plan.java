package dev.fencepost.chaos;

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
    private static final Duration USUAL_CONTROL = Duration.ofSeconds(9);

    /** What a trial takes beside the time in which faults happen. */
    private static final Duration AROUND = Duration.ofSeconds(9);

    private static final Duration SHORTEST = Duration.ofSeconds(5);

    private static final List<String> ALL =
            List.of("token", "token", "set", "bank", "billing", "note", "queue", "hold", "slow set");
    private static final List<String> SETS = List.of("set", "set", "set");
    private static final List<String> TOKENS = List.of("token", "token", "token", "token", "token");
    private static final List<String> SLOW = List.of("slow set", "slow set");
    private static final List<String> HOLDS = List.of("hold", "hold");

    private Plan() {}

    /** The product on nodes of each persistence, and every control. */
    static List<TrialSpec> of(Duration length) {
        List<TrialSpec> controls = controls();
        List<Persistence> persistences = List.of(Persistence.ALWAYS, Persistence.EVERYSEC, Persistence.NONE);
        Duration forProduct = length.minus(USUAL_CONTROL.multipliedBy(controls.size()))
                .dividedBy(persistences.size())
                .minus(AROUND);
        Duration each = forProduct.compareTo(SHORTEST) < 0 ? SHORTEST : forProduct;
        List<TrialSpec> trials = new ArrayList<>();
        for (Persistence persistence : persistences) {
            trials.add(new TrialSpec(
                    "the product, persistence " + persistence,
                    Variant.PRODUCT,
                    persistence,
                    ALL,
                    faults(persistence),
                    each));
        }
        trials.addAll(controls);
        return trials;
    }

    private static List<TrialSpec> controls() {
        return List.of(
                control(Variant.NO_LOCK, SETS, Set.of()),
                control(Variant.LOCK_WITHOUT_GUARD, SETS, Set.of(FaultKind.PAUSE_OVER_A_CHANGE)),
                control(Variant.MAXIMUM_WITHOUT_CONFIRM, TOKENS, Set.of(FaultKind.STORM_OF_EXPIRIES)),
                control(Variant.BLIND_RAISE, TOKENS, Set.of(FaultKind.STORM_OF_EXPIRIES)),
                control(Variant.READ_BEFORE_CLAIM, SLOW, Set.of()),
                control(Variant.EQUALITY_WITHOUT_OWNER, SETS, Set.of(FaultKind.STORM_OF_EXPIRIES)),
                control(Variant.WALL_CLOCK, HOLDS, Set.of(FaultKind.SET_WORKER_CLOCK_BACK)),
                control(Variant.WIPED_NODE, TOKENS, Set.of(FaultKind.STORM_OF_WIPES)));
    }

    private static TrialSpec control(Variant variant, List<String> workloads, Set<FaultKind> faults) {
        return new TrialSpec(variant.title(), variant, Persistence.NONE, workloads, List.copyOf(faults), CONTROL);
    }

    /**
     * Nodes that keep nothing are wiped and not killed, which would be the same but on any number of them. A disk that somebody vouches for is not put back.
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
