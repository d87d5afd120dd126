package dev.fencepost.sim;

import java.util.function.LongSupplier;

/** A clock that is set back by a tenth of a second twice a second, as a wall clock may be. */
final class MutantClock implements LongSupplier {
    private static final long EVERY = 500 * Timing.MILLI;
    private static final long BY = 100 * Timing.MILLI;

    private final ClientProcess process;

    MutantClock(ClientProcess process) {
        this.process = process;
    }

    @Override
    public long getAsLong() {
        long shown = process.nanoTime();
        return shown - shown / EVERY * BY;
    }
}
