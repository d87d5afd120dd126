package dev.fencepost;

import dev.fencepost.internal.Waiting;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes locks on named resources, each for a limited time and with a {@link FencingToken}.
 *
 * <p>Every successful acquisition yields a token that is unique and larger than every token of that resource whose acquisition had completed
 * before the call for it began. Tokens are not consecutive. The lock makes collisions rare; only a store that checks the token makes them harmless: see {@link Lease}.
 *
 * <p>A client is meant to be created once and shared. All methods may be called from any thread. The forms that wait are built on the two that do not, which
 * is all that a decorator has to implement.
 */
public interface LockClient extends AutoCloseable {
    /**
     * Tries once to take the lock, without waiting for whoever holds it, and without blocking a thread.
     *
     * <p>Empty does not mean that anybody holds the resource: of several who try at the same moment, each may get some of the nodes and none a majority. Where one of
     * them has to get in, use {@link #acquireAsync} with a short wait.
     *
     * @param resource the name to lock: see {@link FencingToken#requireResource(String)}
     * @return completes with the lease, or empty when somebody else holds the resource or tried just now, or with what {@link
     *     #tryAcquire(String)} throws. Completed on the client's executor. Cancelling it (by {@code toCompletableFuture().cancel(..)}) gives the lock up
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IllegalStateException if the client is closed
     */
    CompletionStage<Optional<Lease>> tryAcquireAsync(String resource);

    /**
     * Takes the lock, waiting for whoever holds it, without blocking a thread. What is said of {@link #acquire} about those who wait holds here too.
     *
     * @param resource the name to lock: see {@link FencingToken#requireResource(String)}
     * @param maxWait how long to try at most; zero or less tries once
     * @return completes with the lease, or with what {@link #acquire(String, Duration)} throws. Completed on the client's executor. Cancelling it (by {@code
     *     toCompletableFuture().cancel(..)}) ends the waiting, and nothing stays locked
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IllegalStateException if the client is closed
     */
    CompletionStage<Lease> acquireAsync(String resource, Duration maxWait);

    /**
     * Takes the lock as {@link #acquireAsync} does, with a token that is larger than one that a store has seen already. It is how counters catch up that have
     * fallen behind the store, because nodes were replaced or restored; nobody else needs it.
     *
     * @param last the token to pass, of the resource to lock
     * @param maxWait how long to try at most; zero or less tries once
     * @return completes as {@link #acquireAsync} does; with {@link UnsupportedOperationException} if the client cannot ask for that, which is what the default does
     */
    default CompletionStage<Lease> acquireAboveAsync(FencingToken last, Duration maxWait) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException(
                getClass().getName() + " cannot ask for a token larger than " + last));
    }

    /**
     * Tries once to take the lock, without waiting for whoever holds it. It does wait for the nodes' answers, for at most the node timeout, or three of it where
     * a node turns out to have been brought back meanwhile.
     *
     * <p>Empty does not mean that anybody holds the resource: of several who try at the same moment, each may get some of the nodes and none a majority. Where one of
     * them has to get in, use {@link #acquire} with a short wait: those who wait try again, at different moments, until one has it.
     *
     * @param resource the name to lock: see {@link FencingToken#requireResource(String)}
     * @return the lease, or empty when somebody else holds the resource or tried just now
     * @throws IllegalArgumentException if the name is not allowed
     * @throws QuorumUnavailableException if too few nodes answered to decide; never because of contention
     * @throws TokensExhaustedException if no larger token exists for the resource
     * @throws AcquireInterruptedException if the thread was interrupted; what it may have locked is released in the background
     * @throws IllegalStateException if the client is closed
     */
    default Optional<Lease> tryAcquire(String resource) {
        return Waiting.await(tryAcquireAsync(resource), "lock '" + resource + "'");
    }

    /**
     * Takes the lock, waiting for whoever holds it, and for a quorum of nodes to be there.
     *
     * <p>Waiters of one client are served in the order of their calls. What the one before held may be handed over without the nodes; then up to an eighth of the lease's
     * length is gone already, as {@link Lease#remaining()} says.
     *
     * @param resource the name to lock: see {@link FencingToken#requireResource(String)}
     * @param maxWait how long to try at most; zero or less tries once. The call may last longer by what the last try may take: the node timeout, or three of it
     *     where a node turns out to have been brought back meanwhile
     * @return the lease
     * @throws IllegalArgumentException if the name is not allowed
     * @throws LockTimeoutException if somebody else held the resource until the wait was over
     * @throws QuorumUnavailableException if the last try before the wait was over found too few nodes to decide
     * @throws TokensExhaustedException if no larger token exists for the resource
     * @throws AcquireInterruptedException if the thread was interrupted; what it may have locked is released in the background
     * @throws IllegalStateException if the client is closed, before or during the wait
     */
    default Lease acquire(String resource, Duration maxWait) {
        return Waiting.await(acquireAsync(resource, maxWait), "lock '" + resource + "'");
    }

    /**
     * Takes several locks or none. They are taken one after the other in the order of their names, whatever order they are given in, so that two callers cannot
     * each hold what the other waits for.
     *
     * @param resources the names to lock, at least one, all different
     * @param maxWait how long to try at most, for all of them together
     * @return all leases as one
     * @throws IllegalArgumentException if a name is not allowed or given twice, or there is none
     * @throws LockTimeoutException if somebody else held one of the resources until the wait was over; no lock is kept then, as with every other failure
     * @throws QuorumUnavailableException as {@link #acquire(String, Duration)}
     * @throws TokensExhaustedException as {@link #acquire(String, Duration)}
     * @throws AcquireInterruptedException as {@link #acquire(String, Duration)}
     * @throws IllegalStateException as {@link #acquire(String, Duration)}
     */
    default MultiLease acquireAll(Collection<String> resources, Duration maxWait) {
        return AcquireAll.of(this, resources, maxWait);
    }

    /**
     * The lock of one resource in the form that {@code java.util.concurrent} knows. Share the object between the threads that use it: re-entry is through the same object.
     *
     * @param resource the name to lock: see {@link FencingToken#requireResource(String)}
     * @return a lock that no thread holds yet
     * @throws IllegalArgumentException if the name is not allowed
     */
    default FencedLock asLock(String resource) {
        return new ReentrantView(this, FencingToken.requireResource(resource));
    }

    /**
     * Does work while a lock is held. The work learns of a loss from its lease ({@link Lease#onLost(Runnable)}, {@link Lease#isHeld()}); it is not
     * interrupted, and what it returns is returned even if the lease was lost meanwhile: whether its writes counted is for the store to say.
     *
     * @param resource the name to lock: see {@link FencingToken#requireResource(String)}
     * @param maxWait how long to try at most
     * @param work what to do; the lease is closed after it, however it ends
     * @param <T> what the work returns
     * @param <X> what the work throws
     * @return what the work returned
     * @throws X what the work threw
     * @throws IllegalArgumentException as {@link #acquire(String, Duration)}, like all that follows
     * @throws LockTimeoutException before the work began
     * @throws QuorumUnavailableException before the work began
     * @throws TokensExhaustedException before the work began
     * @throws AcquireInterruptedException before the work began
     * @throws IllegalStateException before the work began
     */
    default <T, X extends Exception> T withLease(String resource, Duration maxWait, Work<T, X> work) throws X {
        Objects.requireNonNull(work, "work");
        try (Lease lease = acquire(resource, maxWait)) {
            return work.run(lease);
        }
    }

    /**
     * Work that is done while a lease is held.
     *
     * @param <T> what it returns
     * @param <X> what it throws
     */
    @FunctionalInterface
    interface Work<T, X extends Exception> {
        /**
         * Does the work.
         *
         * @param lease held when the work begins; closed by the caller
         * @return whatever the work is for; not null
         * @throws X whatever the work fails with
         */
        T run(Lease lease) throws X;
    }

    /**
     * Ends every acquisition under way, releases every lease of this client, and frees what the client itself has opened. Later calls do
     * nothing.
     */
    @Override
    void close();
}
