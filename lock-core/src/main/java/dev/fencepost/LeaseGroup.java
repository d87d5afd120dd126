package dev.fencepost;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** Several leases as one. */
final class LeaseGroup implements MultiLease {
    private final List<Lease> leases;

    LeaseGroup(List<Lease> leases) {
        this.leases = List.copyOf(leases);
    }

    @Override
    public List<FencingToken> tokens() {
        return leases.stream().map(Lease::token).toList();
    }

    @Override
    public FencingToken token(String resource) {
        return leases.stream()
                .filter(lease -> lease.resource().equals(resource))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "resource must be one of those that were acquired, but is '" + resource + "': "
                                + leases.stream().map(Lease::resource).toList()))
                .token();
    }

    @Override
    public Duration remaining() {
        return leases.stream()
                .map(Lease::remaining)
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    @Override
    public boolean isHeld() {
        return leases.stream().allMatch(Lease::isHeld);
    }

    @Override
    public void extend(Duration duration) {
        leases.forEach(lease -> lease.extend(duration));
    }

    @Override
    public void onLost(Runnable action) {
        Objects.requireNonNull(action, "action");
        AtomicBoolean done = new AtomicBoolean();
        leases.forEach(lease -> lease.onLost(() -> {
            if (done.compareAndSet(false, true)) {
                action.run();
            }
        }));
    }

    @Override
    public void close() {
        leases.forEach(Lease::close);
    }

    @Override
    public String toString() {
        return leases.toString();
    }
}
