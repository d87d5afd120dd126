package dev.fencepost;

import java.time.Duration;

/**
 * A lock that is held for a limited time, and the fencing token that came with it.
 *
 * <p><b>Guaranteed:</b> {@link #token()} is unique and larger than every token of the resource whose acquisition had completed
 * before the call for this one began, and never changes. While {@link #isHeld()} is true no other client holds the resource, <em>provided</em>
 * that the nodes' clocks run at about the right rate and no node forgot what it knew.
 *
 * <p><b>Not guaranteed:</b> that the lease is still held by the time the next statement runs. The process may be paused between
 * the check and the use, for longer than the lease. No lock service can prevent that; what makes it harmless is a store that
 * refuses a stale {@link #token()}. Do not use {@link #isHeld()} in place of that.
 *
 * <p>All methods may be called from any thread.
 */
public interface Lease extends AutoCloseable {
    /**
     * What is locked.
     *
     * @return the name that it was acquired under
     */
    String resource();

    /**
     * The fencing token, to go with every write. It is fixed when the lease is acquired and never read again from any node.
     *
     * @return the token; also after the lease was lost or closed, when the store is the one to refuse it
     */
    FencingToken token();

    /**
     * How much of the lease is left, by this process's own clock, counted from before the first request for it was sent and less
     * an allowance for clock drift. Of a lease that was handed over within the client, that was the request of another: up to an eighth may be gone when it is acquired.
     *
     * @return the time left; zero when the lease has run out, was lost, or was closed; never negative
     */
    Duration remaining();

    /**
     * Whether something is left of the lease.
     *
     * @return whether {@link #remaining()} is more than zero
     */
    boolean isHeld();

    /**
     * Prolongs the lease, so that it lasts at least as long as asked for, counted from now. The token stays the same. A lease is never
     * shortened by it, and a lease that a quorum of nodes has lost is never revived.
     *
     * <p>Waits for a quorum of nodes, for at most the node timeout.
     *
     * @param duration how long the lease is to last from now: at least the smallest and at most the longest lease that the client was
     *     configured with
     * @throws IllegalArgumentException if the duration is outside these limits
     * @throws LeaseLostException if the lease had run out, was closed, or a quorum of nodes no longer holds it
     * @throws QuorumUnavailableException if too few nodes answered to tell; the lease then ends when it would have ended, and the call may be
     *     repeated until then
     * @throws AcquireInterruptedException if the thread was interrupted while it waited; whether the lease was prolonged on the nodes is unknown, and
     *     {@link #remaining()} does not count on it
     */
    void extend(Duration duration);

    /**
     * Runs something once when the lease is lost, which is: when its time is up and it was not closed, or when a quorum of nodes is known to hold it no longer. The time is
     * this process's own, so that it runs also when no node can be reached.
     *
     * <p>It runs on the client's executor, at once if the lease is lost already, and never if the lease is closed first. It may run late, if the executor or the
     * whole process is held up; {@link #isHeld()} is right at any time.
     *
     * @param action what to run; what it throws is logged
     */
    void onLost(Runnable action);

    /**
     * Releases the lock. The first call sends the release to every node, in order behind whatever was sent before, and returns
     * without waiting for answers; later calls do nothing. A node that cannot be reached frees the lock when its lease runs out. Where another caller of the same client waits, it may have the lock at once, by a larger token and without the
     * nodes being told.
     */
    @Override
    void close();
}
