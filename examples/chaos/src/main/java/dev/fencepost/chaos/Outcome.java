package dev.fencepost.chaos;

import dev.fencepost.chaos.check.Pace;
import dev.fencepost.chaos.check.Verdict;
import dev.fencepost.chaos.history.FaultFact;
import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.Reading;
import dev.fencepost.chaos.history.Span;
import java.util.List;
import java.util.Map;

/**
 * What became of a trial. It keeps what the report shows, and not the history, of which an hour leaves more than a memory wants to hold.
 *
 * @param spec what it was made of
 * @param counts how much was done
 * @param verdict what the checks say of it
 * @param chart faults and locks over time
 * @param readings what could leak
 * @param healings how long it took after faults, by their kind, in milliseconds
 * @param recoveries how work went on when everything was healed
 * @param paces what a node costs that is bad all the time
 */
record Outcome(
        TrialSpec spec,
        Counts counts,
        Verdict verdict,
        Chart chart,
        Map<Gauge, List<Reading>> readings,
        Map<String, List<Double>> healings,
        List<String> recoveries,
        List<Pace> paces) {
    /**
     * How much was done.
     *
     * @param locks how many locks were taken
     * @param takenOver how many of them were taken over from another one of the same attempt
     * @param writes how many writes were begun
     * @param faults the kinds of the faults, each as often as it happened
     */
    record Counts(long locks, long takenOver, long writes, List<String> faults) {
        /** Things done that could have gone wrong. */
        long operations() {
            return locks + writes;
        }
    }

    private static long takenOver(History history) {
        long attempts = history.leases().stream()
                .map(lease -> lease.holder().owner())
                .distinct()
                .count();
        return history.leases().size() - attempts;
    }

    /** How much of what is judged was violated. */
    long violations() {
        return verdict.violations(spec.judged());
    }

    /** How many things were looked at for that. */
    long checked() {
        return verdict.checked(spec.judged());
    }

    static Outcome of(TrialSpec spec, History history, Span span, Map<Gauge, List<Reading>> readings) {
        return new Outcome(
                spec,
                new Counts(
                        history.leases().size(),
                        takenOver(history),
                        history.writes().size(),
                        history.world().faults().stream().map(FaultFact::kind).toList()),
                Verdict.of(history),
                Chart.of(history, span),
                readings,
                Healing.after(history),
                Recoveries.told(history.observations()),
                Pace.of(history));
    }
}
