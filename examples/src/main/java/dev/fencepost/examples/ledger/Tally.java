package dev.fencepost.examples.ledger;

import dev.fencepost.MultiLease;
import dev.fencepost.examples.billing.JsonFields;
import java.util.Map;
import java.util.TreeMap;

/** Counts what became of transfers, and the failures on the way by the names of their exceptions. For use by several threads. */
final class Tally implements Watcher {
    static final String REPEATED = "repeated";

    private final Map<String, Object> counts = new TreeMap<>();

    /** A transfer is decided. */
    void count(Receipt receipt) {
        add(receipt.repeated() ? REPEATED : receipt.outcome().name(), 1);
    }

    @Override
    public void aboutToWrite(Transfer transfer, MultiLease leases) {
        // Nothing to count, and nothing to wait for.
    }

    @Override
    public void setBack(Transfer transfer, RuntimeException why) {
        add(why.getClass().getSimpleName(), 1);
    }

    /** Adds what another process has counted. */
    void add(JsonFields counted) {
        counted.values().forEach((name, value) -> {
            if (!name.equals("event") && !name.equals("atMicros")) {
                add(name, ((Number) value).longValue());
            }
        });
    }

    private synchronized void add(String name, long more) {
        counts.merge(name, more, (one, other) -> ((Number) one).longValue() + ((Number) other).longValue());
    }

    /** What was counted so far, by name. */
    synchronized Map<String, Object> counts() {
        return new TreeMap<>(counts);
    }

    /** What was counted since the last time. */
    synchronized Map<String, Object> take() {
        Map<String, Object> taken = new TreeMap<>(counts);
        counts.clear();
        return taken;
    }
}
