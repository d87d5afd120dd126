package dev.fencepost.internal;

import dev.fencepost.Lease;
import dev.fencepost.LeaseLostException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Lets tests that have only one thread extend a lease, which users wait for. */
public final class Extending {
    private Extending() {}

    /**
     * Sends the extension of a lease that a client over a quorum has made.
     *
     * @return completes when the lease has taken note of the result
     * @throws LeaseLostException if the lease is over already
     */
    public static CompletionStage<?> start(Lease lease, Duration duration) {
        return ((HeldLease) lease).extending(duration);
    }
}
