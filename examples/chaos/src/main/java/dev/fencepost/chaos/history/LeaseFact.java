package dev.fencepost.chaos.history;

import java.util.List;

/**
 * One acquisition that was completed, and what its holder knew of it.
 *
 * @param worker which process
 * @param holder who holds what
 * @param asked from before the call until after its return
 * @param used from the first to the last moment at which the lease is known to have said that it is held
 * @param terms what the lease promised
 * @param votes what nodes did for it; empty where nobody looked
 */
public record LeaseFact(String worker, Holder holder, Span asked, Span used, Terms terms, List<Vote> votes) {
    /** {@link Terms#closing()} of a lease that its holder did not close. */
    public static final long NEVER = Long.MAX_VALUE;

    /** {@link Terms#firstSend()} where nobody looked. */
    public static final long UNSEEN = Long.MIN_VALUE;

    /** {@link #used()} of a lease that was over before its holder could ask. */
    public static final Span UNUSED = new Span(Long.MIN_VALUE, Long.MIN_VALUE);

    /** Whether its holder was ever told that it is held. */
    public boolean wasUsed() {
        return !used.equals(UNUSED);
    }

    /**
     * What a lease promised.
     *
     * @param firstSend when the first request of the attempt was about to be sent at the latest, or {@link #UNSEEN}
     * @param ttlNanos how long the lock lives on the nodes
     * @param deadline until when the lease said to be held, when it was first asked
     * @param closing when its holder was about to close it, or {@link #NEVER}
     */
    public record Terms(long firstSend, long ttlNanos, long deadline, long closing) {}

    /** Copies the votes. */
    public LeaseFact {
        votes = List.copyOf(votes);
    }

    /** The same, held until later. */
    public LeaseFact usedUntil(long moment) {
        return new LeaseFact(worker, holder, asked, new Span(used.from(), moment), terms, votes);
    }

    /** The same, closed. */
    public LeaseFact closedAt(long moment) {
        Terms closed = new Terms(terms.firstSend(), terms.ttlNanos(), terms.deadline(), moment);
        return new LeaseFact(worker, holder, asked, used, closed, votes);
    }
}
