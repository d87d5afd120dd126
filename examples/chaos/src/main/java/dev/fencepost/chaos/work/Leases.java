package dev.fencepost.chaos.work;

import dev.fencepost.LockClient;
import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Recorder;
import dev.fencepost.chaos.history.Span;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * Takes locks and writes down what was taken, when, and for how long it was said to be held.
 *
 * @param client takes the locks
 * @param context what belongs to what is written down
 */
record Leases(LockClient client, Context context) {
    /**
     * What belongs to what is written down.
     *
     * @param worker who takes locks
     * @param lease for how long
     * @param fixed whether leases end when they say at first, and are not extended
     * @param ballots what nodes did
     * @param recorder where it is written down
     */
    record Context(String worker, Duration lease, boolean fixed, Ballots ballots, Recorder recorder) {
        /** When the first request for a lease was about to be sent, if that says when the lease has to end. */
        long firstSend(String owner) {
            return fixed ? ballots.firstSend(owner) : LeaseFact.UNSEEN;
        }
    }

    Optional<RecordedLease> tryAcquire(String resource) {
        long from = System.nanoTime();
        return client.tryAcquire(resource)
                .map(lease -> new RecordedLease(Grip.of(lease), new Span(from, System.nanoTime()), context));
    }

    RecordedLease acquire(String resource, Duration wait) {
        long from = System.nanoTime();
        Grip grip = Grip.of(client.acquire(resource, wait));
        return new RecordedLease(grip, new Span(from, System.nanoTime()), context);
    }

    RecordedLease acquireAll(Collection<String> resources, Duration wait) {
        long from = System.nanoTime();
        Grip grip = Grip.of(client.acquireAll(resources, wait));
        return new RecordedLease(grip, new Span(from, System.nanoTime()), context);
    }
}
