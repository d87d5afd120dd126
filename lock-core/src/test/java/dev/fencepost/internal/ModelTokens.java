package dev.fencepost.internal;

import dev.fencepost.spi.HeldLock;
import java.util.BitSet;
import java.util.Optional;

/**
 * The tokens of one attempt.
 *
 * @param first the smallest
 * @param last the largest
 */
record ModelTokens(int first, int last) {
    private static final Holding.Term TERM = new Holding.Term(0, "", new BitSet());

    /** What {@link Holding} makes of a confirmed token, by handing on until nothing is left. */
    static ModelTokens of(int confirmed, int width) {
        Holding holding = Holding.won(new HeldLock("", "", confirmed), new Wanted("", 0, width, 0), TERM);
        int first = Math.toIntExact(holding.token());
        int last = first;
        for (Optional<Holding> next = holding.next(TERM);
                next.isPresent();
                next = next.get().next(TERM)) {
            last++;
            if (next.get().token() != last) {
                throw new IllegalStateException(next.get() + " does not follow " + (last - 1));
            }
        }
        return new ModelTokens(first, last);
    }

    /** As many, from the largest on. */
    ModelTokens upward() {
        return new ModelTokens(last, last + last - first);
    }

    /** -1 if all are smaller than those of another, 1 if all are larger, 0 if they overlap. */
    int order(ModelTokens other) {
        if (last < other.first) {
            return -1;
        }
        return first > other.last ? 1 : 0;
    }

    /** Whether a counter passed through each of them on its way. */
    boolean areIn(int from, int to) {
        return from <= first && last <= to;
    }
}
