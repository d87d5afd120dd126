package dev.fencepost.internal;

import dev.fencepost.spi.HeldLock;
import java.util.BitSet;
import java.util.Optional;

/**
 * What a quorum of nodes holds for this process, and the token by which one lease has it.
 *
 * <p>One attempt may get several tokens, for those who wait in the same line when it begins. They have what it holds one after the other, each by a token of its own, and no node is asked or told in between. Who comes later
 * must not be among them: should the nodes have let the lock go before its time, somebody else may have acquired a larger token before that call began.
 *
 * @param lock as the nodes know it, with the last of the tokens
 * @param token that of the lease
 * @param latest the place of the last one who was there when the attempt began
 * @param term how long, and by whom
 */
record Holding(HeldLock lock, long token, long latest, Term term) {
    /**
     * How long it is held, and by whom.
     *
     * @param deadlineNanos when it has to be considered over
     * @param epoch of the quorum that was last known to hold it
     * @param untouched nodes that were never asked to; whoever has the term may change it, and nobody else
     */
    record Term(long deadlineNanos, String epoch, BitSet untouched) {
        private static final int PARTS = 8;

        /** Whether it lasts about as long as one that is asked for now: no more than one of {@value #PARTS} parts of that is gone, and it was not prolonged beyond it. */
        boolean isFresh(Quorum quorum) {
            long length = quorum.settings().leases().length().toNanos();
            long left = LeaseTime.remainingNanos(quorum.nanoTime(), deadlineNanos);
            return left >= length / PARTS * (PARTS - 1) && left <= length;
        }
    }

    /** What an attempt has won: the first of its tokens. */
    static Holding won(HeldLock lock, Wanted wanted, Term term) {
        return new Holding(lock, lock.token() - wanted.tokens() + 1, wanted.latest(), term);
    }

    /** The same by the next token, if there is one left. */
    Optional<Holding> next(Term then) {
        return token < lock.token() ? Optional.of(new Holding(lock, token + 1, latest, then)) : Optional.empty();
    }
}
