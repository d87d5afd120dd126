package dev.fencepost.examples.ledger;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * The transfers of a run, numbered from 1. The same numbers give the same transfers, so that the audit knows what should be in the books without being told by the
 * workers.
 *
 * @param seed of all of them
 * @param accounts how many accounts there are, numbered from 1
 */
record Workload(long seed, int accounts) {
    private static final long MOST_CENTS = 20_000;
    private static final int REPEATED = 10;

    Workload {
        if (accounts < 2) {
            throw new IllegalArgumentException("accounts must be at least 2, but are " + accounts);
        }
    }

    /** One of them. */
    Transfer transfer(long id) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + id);
        int debit = 1 + random.nextInt(accounts);
        int credit = 1 + (debit - 1 + 1 + random.nextInt(accounts - 1)) % accounts;
        return new Transfer(id, debit, credit, 1 + random.nextLong(MOST_CENTS));
    }

    /** Those with the numbers from the first on, and every tenth of as many before, once more: whoever delivers orders at least once does so, too. */
    List<Transfer> delivered(long first, long count) {
        LongStream again = LongStream.range(Math.max(1, first - count), first).filter(id -> id % REPEATED == 0);
        return LongStream.concat(again, LongStream.range(first, first + count))
                .mapToObj(this::transfer)
                .toList();
    }
}
