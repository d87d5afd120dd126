package dev.fencepost;

import java.time.Duration;
import java.util.List;

/**
 * Several leases that are held, prolonged, lost and closed as one. What {@link Lease} says of one is true of each; the whole is lost as soon as one of them is.
 *
 * <p>All methods may be called from any thread.
 */
public interface MultiLease extends AutoCloseable {
    /**
     * The tokens, one for each resource.
     *
     * @return in the order of the resources' names; unmodifiable
     */
    List<FencingToken> tokens();

    /**
     * The token of one resource.
     *
     * @param resource one of those that were acquired
     * @return its token
     * @throws IllegalArgumentException if the resource is not one of them
     */
    FencingToken token(String resource);

    /**
     * How much is left of the lease that ends first.
     *
     * @return the time left; zero when one of the leases is over; never negative
     */
    Duration remaining();

    /**
     * Whether something is left of all leases.
     *
     * @return whether {@link #remaining()} is more than zero
     */
    boolean isHeld();

    /**
     * Prolongs all leases, one after the other.
     *
     * @param duration as for {@link Lease#extend(Duration)}
     * @throws IllegalArgumentException as for {@link Lease#extend(Duration)}, like all that follows
     * @throws LeaseLostException if one of the leases is lost; the others are kept until they are closed or run out
     * @throws QuorumUnavailableException if too few nodes answered for one of them
     * @throws AcquireInterruptedException if the thread was interrupted
     */
    void extend(Duration duration);

    /**
     * Runs something once as soon as any of the leases is lost: see {@link Lease#onLost(Runnable)}.
     *
     * @param action what to run
     */
    void onLost(Runnable action);

    /** Releases all locks, as {@link Lease#close()} does one. */
    @Override
    void close();
}
