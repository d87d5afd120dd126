package dev.fencepost.chaos.work;

import dev.fencepost.FencingToken;
import dev.fencepost.chaos.history.Holder;
import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Span;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** A lease, or several, of which everything is written down. For use by one thread. */
final class RecordedLease implements AutoCloseable {
    private final Grip grip;
    private final Leases.Context context;
    private List<LeaseFact> facts;

    RecordedLease(Grip grip, Span asked, Leases.Context context) {
        this.grip = grip;
        this.context = context;
        long asking = System.nanoTime();
        Duration remaining = grip.remaining().get();
        this.facts = grip.tokens().stream()
                .map(token -> first(token, asked, asking, remaining))
                .toList();
        facts.forEach(context.recorder()::lease);
    }

    private LeaseFact first(FencingToken token, Span asked, long asking, Duration remaining) {
        boolean held = !remaining.isZero();
        LeaseFact.Terms terms = new LeaseFact.Terms(
                held ? context.firstSend(token.owner()) : LeaseFact.UNSEEN,
                context.lease().toNanos(),
                asking + remaining.toNanos(),
                LeaseFact.NEVER);
        return new LeaseFact(
                context.worker(),
                Holder.of(token),
                asked,
                held ? new Span(asking, asking) : LeaseFact.UNUSED,
                terms,
                context.ballots().votes(token.owner(), token.value()));
    }

    List<FencingToken> tokens() {
        return grip.tokens();
    }

    /** The only token of a single lease. */
    FencingToken token() {
        return grip.tokens().get(0);
    }

    void onLost(Runnable action) {
        grip.onLost().accept(action);
    }

    /** Asks whether it is held, and remembers when that was so. */
    boolean isHeld() {
        long asking = System.nanoTime();
        boolean held = grip.held().getAsBoolean();
        if (held) {
            update(fact -> fact.wasUsed() ? fact.usedUntil(asking) : fact);
        }
        return held;
    }

    /** Lets it run out by itself, and writes down how long it was used. Nobody takes over what was not closed. */
    void leave() {
        if (isHeld()) {
            facts.forEach(context.recorder()::lease);
        }
        tokens().forEach(token -> context.ballots().forget(token.owner()));
    }

    /** Closes it, and writes down how long it was used. */
    @Override
    public void close() {
        isHeld();
        long closing = System.nanoTime();
        update(fact -> fact.closedAt(closing));
        grip.close().run();
        facts.forEach(context.recorder()::lease);
    }

    private void update(UnaryOperator<LeaseFact> change) {
        facts = facts.stream().map(change).toList();
    }
}
