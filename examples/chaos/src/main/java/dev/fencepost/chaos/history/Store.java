package dev.fencepost.chaos.history;

import java.util.List;
import java.util.Map;

/**
 * What the database has at the end.
 *
 * @param audit a row for each guarded write, in the order in which they were committed for each resource: the number of a row is taken under the claim's
 *     lock
 * @param fence for each resource the token that the guard has admitted last
 * @param effects the names of all writes of the kinds {@code ADD} and {@code NOTE} that are there, each as often as it is
 * @param charges how often each invoice was charged
 */
public record Store(List<Row> audit, Map<String, Holder> fence, List<String> effects, Map<String, Long> charges) {
    /**
     * One guarded write.
     *
     * @param holder under which token
     * @param id names the write
     */
    public record Row(Holder holder, String id) {}

    /** Copies everything. */
    public Store {
        audit = List.copyOf(audit);
        fence = Map.copyOf(fence);
        effects = List.copyOf(effects);
        charges = Map.copyOf(charges);
    }

    /** Nothing. */
    public static Store empty() {
        return new Store(List.of(), Map.of(), List.of(), Map.of());
    }
}
