package dev.fencepost;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A lock on a resource in the form that {@code java.util.concurrent} knows, with the fencing token of the thread that holds it.
 *
 * <p>Re-entrant: a thread that holds the lock may take it again, and keeps its token. It is still a lease: without automatic extension it ends when its time is up,
 * and nothing in {@link Lock} can say so in time. Give {@link #token()} to every write.
 *
 * <ul>
 *   <li>{@link #lock()} waits for as long as it takes, also for a quorum of nodes to be there.
 *   <li>{@link #tryLock()} throws {@link QuorumUnavailableException} when too few nodes answer, since that is no answer. It returns false also where several
 *       tried at the same moment and none got in: see {@link LockClient#tryAcquire(String)}.
 *   <li>To take it again after the lease was lost throws {@link LeaseLostException}.
 *   <li>{@link #unlock()} throws {@link IllegalMonitorStateException} when the thread does not hold the lock, and {@link LeaseLostException}, after it
 *       gave up what was left, when the lease had been lost: what was done under the lock was perhaps not done alone.
 *   <li>{@link #newCondition()} throws {@link UnsupportedOperationException}.
 * </ul>
 *
 * <p>May be used by any number of threads. A thread's hold ends with its outermost {@link #unlock()}; a thread that ends without it keeps the lock until the lease runs out.
 */
public interface FencedLock extends Lock {
    /**
     * The token of the current thread's hold.
     *
     * @return the token, the same from the outermost {@link #lock()} to its {@link #unlock()}
     * @throws IllegalMonitorStateException if the current thread does not hold the lock
     */
    FencingToken token();

    /**
     * Whether the current thread holds the lock and its lease is not over.
     *
     * @return whether it does
     */
    boolean isHeldByCurrentThread();

    /**
     * Not to be had: conditions would have to be signalled across machines.
     *
     * @return never
     * @throws UnsupportedOperationException always
     */
    @Override
    default Condition newCondition() {
        throw new UnsupportedOperationException("a lock over several machines has no conditions");
    }
}
