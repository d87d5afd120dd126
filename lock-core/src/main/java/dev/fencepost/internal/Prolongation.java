package dev.fencepost.internal;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeRequest.View;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A lease that is to be prolonged.
 *
 * @param then told the result after the lease has taken note of it
 */
record Prolongation(HeldLease lease, long ttlMillis, Consumer<Extension.Result> then) implements Extension.Subject {
    /** The lease is not handed on until the result is there: it may be that a quorum does not hold it. */
    Prolongation {
        lease.extensions().incrementAndGet();
    }

    /** Prolongs one lease. Begins again, for a node timeout, if the nodes were just becoming another set. */
    static CompletableFuture<Extension.Result> start(Quorum quorum, HeldLease lease, long ttlMillis) {
        long until = quorum.nanoTime() + quorum.settings().nodeTimeout().toNanos();
        return start(quorum, lease, ttlMillis, until);
    }

    private static CompletableFuture<Extension.Result> start(
            Quorum quorum, HeldLease lease, long ttlMillis, long untilNanos) {
        long rounds = quorum.joining().rounds();
        CompletableFuture<Extension.Result> result = new CompletableFuture<>();
        Extension.start(quorum, List.of(new Prolongation(lease, ttlMillis, result::complete)), ttlMillis);
        return result.thenCompose(ended -> {
            CompletableFuture<Extension.Result> end = CompletableFuture.completedFuture(ended);
            boolean over = ended.verdict() != Tally.Verdict.UNAVAILABLE
                    || !lease.isHeld()
                    || quorum.nanoTime() - untilNanos >= 0;
            Optional<CompletionStage<Boolean>> settling =
                    over ? Optional.empty() : quorum.joining().settling(rounds);
            return settling.map(settled ->
                            settled.thenCompose(done -> done ? start(quorum, lease, ttlMillis, untilNanos) : end))
                    .orElse(end);
        });
    }

    @Override
    public HeldLock lock() {
        return lease.lock();
    }

    @Override
    public void onExtended(Extension.Result result) {
        lease.extended(result);
        lease.extensions().decrementAndGet();
        then.accept(result);
    }

    @Override
    public void onMissing(int node, View view) {
        lease.restoreOn(node, view, ttlMillis);
    }
}
