package dev.fencepost.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Automatic extension: keeps leases by prolonging each when a third of it has passed, many in one request a node.
 *
 * <p>One tick, a twenty-fourth of the lease, looks for what is due; there is no timer and no thread per lease. What too few nodes answered is tried again at the next
 * tick, until the lease is over. Safe for use by many threads.
 */
final class Renewals {
    /** How many leases go into one request: what a node works off in about a millisecond. */
    static final int BATCH = 200;

    private static final int PARTS_TO_RENEWAL = 3;
    private static final int TICKS = 24;

    private final Quorum quorum;
    private final Duration cap;
    private final Duration tick;
    private final long renewAfterNanos;
    /** When each lease is due next, in an order that does not depend on where objects lie in memory: the same events are to lead to the same requests. */
    private final Map<HeldLease, Long> due = new ConcurrentSkipListMap<>(
            Comparator.<HeldLease, String>comparing(lease -> lease.lock().owner())
                    .thenComparing(lease -> lease.token().value()));

    private boolean ticking;

    /** Makes automatic extension that keeps each lease until it is as old as the cap. */
    Renewals(Quorum quorum, Duration cap) {
        this.quorum = quorum;
        this.cap = cap;
        Duration length = quorum.settings().leases().length();
        this.renewAfterNanos = length.toNanos() / PARTS_TO_RENEWAL;
        this.tick = Duration.ofNanos(Math.max(1_000_000, length.toNanos() / TICKS));
    }

    /** Keeps the lease until it is over or too old. */
    void keep(HeldLease lease) {
        due.put(lease, lease.sinceNanos() + renewAfterNanos);
        lease.over().thenRun(() -> due.remove(lease));
        boolean start;
        synchronized (this) {
            start = !ticking;
            ticking = true;
        }
        if (start) {
            quorum.schedule(tick, this::onTick);
        }
    }

    private void onTick() {
        try {
            renewWhatIsDue();
        } finally {
            boolean more;
            synchronized (this) {
                more = !due.isEmpty();
                ticking = more;
            }
            if (more) {
                quorum.schedule(tick, this::onTick);
            }
        }
    }

    private void renewWhatIsDue() {
        long now = quorum.nanoTime();
        List<HeldLease> batch = new ArrayList<>();
        for (Map.Entry<HeldLease, Long> entry : due.entrySet()) {
            if (entry.getValue() - now <= 0 && entry.getKey().isHeld()) {
                batch.add(entry.getKey());
                if (batch.size() == BATCH) {
                    renew(batch, now);
                    batch = new ArrayList<>();
                }
            }
        }
        if (!batch.isEmpty()) {
            renew(batch, now);
        }
    }

    private void renew(List<HeldLease> leases, long now) {
        long length = quorum.settings().leases().length().toMillis();
        List<Prolongation> prolongations = new ArrayList<>();
        for (HeldLease lease : leases) {
            if (cap.toNanos() - (now - lease.sinceNanos())
                    < Duration.ofMillis(length).toNanos()) {
                // One more would keep it beyond the cap: from here on it runs out by itself.
                due.remove(lease);
                continue;
            }
            // Not again while the request is under way; if it fails, at the next tick.
            due.replace(lease, now + quorum.settings().nodeTimeout().toNanos() + renewAfterNanos);
            prolongations.add(new Prolongation(lease, length, result -> onRenewed(lease, now, result)));
        }
        if (!prolongations.isEmpty()) {
            Extension.start(quorum, prolongations, length);
        }
    }

    private void onRenewed(HeldLease lease, long sentNanos, Extension.Result result) {
        boolean held = result.verdict() == Tally.Verdict.HELD;
        due.replace(lease, held ? sentNanos + renewAfterNanos : quorum.nanoTime());
    }
}
