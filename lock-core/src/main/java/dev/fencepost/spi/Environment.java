package dev.fencepost.spi;

import java.security.SecureRandom;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Everything that the algorithm takes from outside besides its nodes, so that a simulation can decide all of it.
 *
 * @param nanoTime a clock in nanoseconds that never goes back, of which only differences matter
 * @param scheduler runs work later
 * @param executor runs what the user has handed in: completions, callbacks, listeners
 * @param nonces where owners come from; must be cryptographically strong outside of a simulation
 * @param jitter spreads retries; need not be strong, must be safe for use by many threads
 */
public record Environment(
        LongSupplier nanoTime, Scheduler scheduler, Executor executor, RandomGenerator nonces, RandomGenerator jitter) {
    /**
     * Checks that nothing is missing.
     *
     * @param nanoTime a clock in nanoseconds that never goes back
     * @param scheduler runs work later
     * @param executor runs what the user has handed in
     * @param nonces where owners come from
     * @param jitter spreads retries
     */
    public Environment {
        Objects.requireNonNull(nanoTime, "nanoTime");
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(nonces, "nonces");
        Objects.requireNonNull(jitter, "jitter");
    }

    /**
     * The environment of a client that is no simulation: a clock that follows the machine's monotonic one and does not stand still while the machine sleeps, and strong random owners.
     *
     * @param scheduler runs work later
     * @param executor runs what the user has handed in
     * @return the environment
     */
    public static Environment of(Scheduler scheduler, Executor executor) {
        return new Environment(new SteadyClock(), scheduler, executor, new SecureRandom(), new Random());
    }
}
