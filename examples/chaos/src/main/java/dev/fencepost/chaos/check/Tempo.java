package dev.fencepost.chaos.check;

import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Observation.Turn;
import dev.fencepost.chaos.history.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How quickly locks were had in one turn. Where none was, a turn counts as one that took all of it.
 *
 * @param perSecond locks in a second
 * @param half the time that half of the acquisitions did not exceed, in nanoseconds
 * @param most the time that all but a hundredth did not exceed, in nanoseconds
 */
record Tempo(double perSecond, double half, double most) {
    /** Of each turn. Acquisitions count for the turn in which they lie whole. */
    static Map<Turn, Tempo> of(List<Turn> turns, List<LeaseFact> leases) {
        TreeMap<Long, Turn> byBeginning = new TreeMap<>();
        Map<Turn, List<Long>> took = new LinkedHashMap<>();
        for (Turn turn : turns) {
            byBeginning.put(turn.span().from(), turn);
            took.put(turn, new ArrayList<>());
        }
        for (LeaseFact lease : leases) {
            Map.Entry<Long, Turn> last = byBeginning.floorEntry(lease.asked().from());
            if (last != null && lease.asked().to() <= last.getValue().span().to()) {
                took.getOrDefault(last.getValue(), List.of())
                        .add(lease.asked().to() - lease.asked().from());
            }
        }
        Map<Turn, Tempo> tempos = new LinkedHashMap<>();
        took.forEach((turn, nanos) -> tempos.put(turn, of(turn.span(), nanos)));
        return tempos;
    }

    private static Tempo of(Span span, List<Long> nanos) {
        long length = span.to() - span.from();
        long[] sorted = nanos.isEmpty()
                ? new long[] {length}
                : nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Tempo(sorted.length * 1e9 / length, percentile(sorted, 50), percentile(sorted, 99));
    }

    private static double percentile(long[] sorted, int percent) {
        return Math.max(1, sorted[(int) Math.min(sorted.length - 1L, (long) sorted.length * percent / 100)]);
    }
}
