package dev.fencepost.chaos;

import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.Observation.Recovery;
import dev.fencepost.chaos.history.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** How long it took, each time that everything had been healed, until somebody had a lock again, and until everybody had. */
final class Recoveries {
    /** How long everything is left alone after it was healed, and within which every worker has to have had a lock. */
    static final Duration CALM = Duration.ofSeconds(4);

    /** Within this, somebody has to have one: the lease time, for what a holder left behind that is no more, and a second. */
    static final Duration FIRST = TrialSpec.LEASE.plusSeconds(1);

    private Recoveries() {}

    /**
     * A moment since which nothing is wrong.
     *
     * @param ways when every node and every way to it was as it should be, so that somebody could have a lock
     * @param workers when every worker was at work, so that everybody could
     */
    record Healed(long ways, long workers) {}

    /** What became of the first requests after each healing. What was asked for before does not count, also if it was granted after. */
    static List<Observation> of(List<Healed> healed, List<LeaseFact> leases, List<String> workers) {
        List<Observation> recoveries = new ArrayList<>();
        for (Healed moment : healed) {
            recoveries.add(recovery("somebody", moment.ways(), FIRST, leases));
            for (String worker : workers) {
                List<LeaseFact> own = leases.stream()
                        .filter(lease -> lease.worker().equals(worker))
                        .toList();
                recoveries.add(recovery(worker, moment.workers(), CALM, own));
            }
        }
        return recoveries;
    }

    private static Recovery recovery(String who, long healed, Duration bound, List<LeaseFact> leases) {
        OptionalLong first = leases.stream()
                .map(LeaseFact::asked)
                .filter(asked -> asked.from() >= healed)
                .mapToLong(Span::to)
                .min();
        Span span = new Span(healed, first.orElseGet(System::nanoTime));
        return new Recovery(who, span, first.isPresent(), bound.toNanos());
    }

    /** In words: how long it took each, as a rule and at most. */
    static List<String> told(List<Observation> observations) {
        Map<String, List<Long>> millis = new LinkedHashMap<>();
        for (Observation observation : observations) {
            if (observation instanceof Recovery recovery) {
                String who = recovery.acquired() ? recovery.who() : recovery.who() + " (not at all)";
                millis.computeIfAbsent(who, fresh -> new ArrayList<>())
                        .add((recovery.span().to() - recovery.span().from()) / 1_000_000);
            }
        }
        List<String> told = new ArrayList<>();
        millis.forEach((who, all) -> {
            List<Long> sorted = all.stream().sorted().toList();
            long median = sorted.get(sorted.size() / 2);
            long most = sorted.get(sorted.size() - 1);
            told.add(
                    sorted.size() == 1
                            ? String.format(Locale.ROOT, "%s after %d ms", who, most)
                            : String.format(
                                    Locale.ROOT,
                                    "%s after %d ms, %d ms at most (%d times)",
                                    who,
                                    median,
                                    most,
                                    sorted.size()));
        });
        return told;
    }
}
