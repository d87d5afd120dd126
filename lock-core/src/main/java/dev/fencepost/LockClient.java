package dev.fencepost;

import java.time.Duration;
import java.util.Optional;

/**
 * Takes locks on named resources, each for a limited time and with a {@link FencingToken}.
 *
 * <p>Every successful acquisition yields a token that is unique and larger than every token of that resource whose acquisition
 * had completed before it began. The lock makes collisions rare; only a store that checks the token makes them harmless: see
 * {@link Lease}.
 *
 * <p>A client is meant to be created once and shared. All methods may be called from any thread.
 */
public interface LockClient extends AutoCloseable {
    /**
     * Tries once to take the lock, without waiting for whoever holds it. It does wait for the nodes' answers, for at most the node timeout.
     *
     * @param resource the name to lock: see {@link FencingToken#requireResource(String)}
     * @return the lease, or empty when somebody else holds the resource or was faster just now
     * @throws IllegalArgumentException if the name is not allowed
     * @throws QuorumUnavailableException if too few nodes answered to decide; never because of contention
     * @throws TokensExhaustedException if no larger token exists for the resource
     * @throws AcquireInterruptedException if the thread was interrupted; what it may have locked is released in the background
     * @throws IllegalStateException if the client is closed
     */
    Optional<Lease> tryAcquire(String resource);

    /**
     * Takes the lock, waiting for whoever holds it, and for a quorum of nodes to be there.
     *
     * @param resource the name to lock: see {@link FencingToken#requireResource(String)}
     * @param maxWait how long to try at most; zero or less tries once
     * @return the lease
     * @throws IllegalArgumentException if the name is not allowed
     * @throws LockTimeoutException if somebody else held the resource until the wait was over
     * @throws QuorumUnavailableException if the last try before the wait was over found too few nodes to decide
     * @throws TokensExhaustedException if no larger token exists for the resource
     * @throws AcquireInterruptedException if the thread was interrupted; what it may have locked is released in the background
     * @throws IllegalStateException if the client is closed, before or during the wait
     */
    Lease acquire(String resource, Duration maxWait);

    /**
     * Ends every acquisition under way, releases every lease of this client, and frees what the client itself has opened. Later calls do
     * nothing.
     */
    @Override
    void close();
}
