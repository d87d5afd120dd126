package dev.fencepost.bench.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measurements of several things side by side: they take turns, round after round and each second round in reverse, so that whatever else the machine does meets all of them.
 *
 * <p>What is compared are the ratios within a round, and what is reported is their median: neither a slow round nor a slow machine changes them much.
 */
public final class Series {
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    private Series(List<Trial> trials) {
        trials.forEach(trial -> values.put(trial.name(), new ArrayList<>()));
        if (values.size() != trials.size()) {
            throw new IllegalArgumentException("trials must have names of their own: " + values.keySet());
        }
    }

    /** Measures everything once per round. What is first in a round comes last in the next. */
    public static Series interleaved(int rounds, List<Trial> trials) {
        Series series = new Series(trials);
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < trials.size(); i++) {
                Trial trial = trials.get(round % 2 == 0 ? i : trials.size() - 1 - i);
                series.of(trial.name()).add(trial.measure().getAsDouble());
            }
        }
        return series;
    }

    /** What was measured, in the order of the trials. */
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /** All that was measured of one thing, by rounds. */
    public List<Double> rounds(String name) {
        return List.copyOf(of(name));
    }

    /** What one thing came to. */
    public Spread spread(String name) {
        return Spread.of(of(name));
    }

    /** How many times as much one thing is as another, in the same round. */
    public Spread ratio(String name, String to) {
        List<Double> above = of(name);
        List<Double> below = of(to);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < above.size(); i++) {
            ratios.add(above.get(i) / below.get(i));
        }
        return Spread.of(ratios);
    }

    private List<Double> of(String name) {
        List<Double> found = values.get(name);
        if (found == null) {
            throw new IllegalArgumentException("'" + name + "' was not measured, but " + values.keySet());
        }
        return found;
    }
}
