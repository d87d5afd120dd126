package dev.fencepost.internal;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeRequest.View;
import java.util.function.Consumer;

/**
 * A lease that is to be prolonged.
 *
 * @param then told the result after the lease has taken note of it
 */
record Prolongation(HeldLease lease, long ttlMillis, Consumer<Extension.Result> then) implements Extension.Subject {
    @Override
    public HeldLock lock() {
        return lease.lock();
    }

    @Override
    public void onExtended(Extension.Result result) {
        lease.extended(result);
        then.accept(result);
    }

    @Override
    public void onMissing(int node, View view) {
        lease.restoreOn(node, view, ttlMillis);
    }
}
