package dev.fencepost.chaos;

import dev.fencepost.chaos.history.FaultFact;
import dev.fencepost.chaos.history.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long it took after faults of one kind until somebody had a lock again.
 *
 * @param kind which faults
 * @param count how many
 * @param median in milliseconds
 * @param longest in milliseconds; other faults may have gone on, or begun, meanwhile
 */
record Healing(String kind, int count, String median, String longest) {
    static List<Healing> of(List<Outcome> outcomes) {
        Map<String, List<Double>> millis = new TreeMap<>();
        outcomes.forEach(outcome -> outcome.healings()
                .forEach((kind, all) ->
                        millis.computeIfAbsent(kind, fresh -> new ArrayList<>()).addAll(all)));
        List<Healing> healings = new ArrayList<>();
        millis.forEach((kind, all) -> {
            List<Double> sorted = all.stream().sorted().toList();
            healings.add(new Healing(
                    kind, sorted.size(), shown(sorted.get(sorted.size() / 2)), shown(sorted.get(sorted.size() - 1))));
        });
        return healings;
    }

    /** For each fault the time from its end to the first lock that was had after it. */
    static Map<String, List<Double>> after(History history) {
        long[] had = history.leases().stream()
                .mapToLong(lease -> lease.asked().to())
                .sorted()
                .toArray();
        Map<String, List<Double>> millis = new TreeMap<>();
        for (FaultFact fault : history.world().faults()) {
            int found = Arrays.binarySearch(had, fault.span().to());
            int next = found >= 0 ? found : -found - 1;
            if (next < had.length) {
                millis.computeIfAbsent(fault.kind(), kind -> new ArrayList<>())
                        .add((had[next] - fault.span().to()) / 1e6);
            }
        }
        return millis;
    }

    private static String shown(double millis) {
        return String.format(Locale.ROOT, "%.1f", millis);
    }
}
