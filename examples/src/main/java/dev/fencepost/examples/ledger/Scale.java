package dev.fencepost.examples.ledger;

import java.time.Duration;

/**
 * How large a run is.
 *
 * @param transfers how many transfers are ordered, besides the few that go with the trouble
 * @param workers how many processes carry them out
 * @param threads how many threads each of them has
 * @param accounts how many accounts there are
 * @param lease for how long accounts are locked
 */
record Scale(long transfers, int workers, int threads, int accounts, Duration lease) {
    /** What each account begins with, in cents. */
    static final long OPENING = 100_000;

    private static final long SEED = 1494;
    private static final int ACCOUNTS = 120;
    private static final int TRANSFERS_PER_ROUND = 20_000;

    Scale {
        if (transfers < 1 || workers < 2 || threads < 1) {
            throw new IllegalArgumentException("a run must have at least 1 transfer, 2 workers and 1 thread, but has "
                    + transfers + ", " + workers + " and " + threads);
        }
    }

    /** A run of so many transfers. */
    static Scale of(long transfers) {
        return new Scale(transfers, 3, 4, ACCOUNTS, Duration.ofSeconds(2));
    }

    /** How often all trouble is made. */
    int rounds() {
        return (int) Math.max(1, transfers / TRANSFERS_PER_ROUND);
    }

    /** How many transfers a worker is given at a time. */
    long block() {
        return Math.max(20, transfers / 500);
    }

    Workload workload() {
        return new Workload(SEED, accounts);
    }
}
