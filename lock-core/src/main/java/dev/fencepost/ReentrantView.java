package dev.fencepost;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The re-entrant view of one lock. Each thread has a hold of its own, since a thread whose lease was lost must not be taken for the one that holds the resource now. A hold is touched by its thread
 * alone.
 */
final class ReentrantView implements FencedLock {
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final LockClient client;
    private final String resource;
    private final Map<Thread, Hold> holds = new ConcurrentHashMap<>();

    private static final class Hold {
        private final Lease lease;
        private int depth = 1;

        private Hold(Lease lease) {
            this.lease = lease;
        }
    }

    /** A view of the lock that no thread holds yet. */
    ReentrantView(LockClient client, String resource) {
        this.client = client;
        this.resource = resource;
    }

    @Override
    public void lock() {
        boolean interrupted = false;
        while (!reentered()) {
            try {
                hold(client.acquire(resource, FOR_EVER));
                break;
            } catch (AcquireInterruptedException e) {
                // As Lock.lock() demands: an interrupt is kept for later, and the waiting starts over.
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        if (!tryLock(FOR_EVER.toDays(), TimeUnit.DAYS)) {
            throw new IllegalStateException("'" + resource + "' could not be locked in " + FOR_EVER.toDays() + " days");
        }
    }

    @Override
    public boolean tryLock() {
        if (reentered()) {
            return true;
        }
        Optional<Lease> lease = client.tryAcquire(resource);
        lease.ifPresent(this::hold);
        return lease.isPresent();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (reentered()) {
            return true;
        }
        try {
            hold(client.acquire(resource, Duration.ofNanos(unit.toNanos(time))));
            return true;
        } catch (LockTimeoutException e) {
            return false;
        } catch (AcquireInterruptedException e) {
            Thread.interrupted();
            InterruptedException thrown = new InterruptedException(e.getMessage());
            thrown.initCause(e);
            throw thrown;
        }
    }

    @Override
    public void unlock() {
        Hold hold = ownHold();
        hold.depth--;
        if (hold.depth > 0) {
            return;
        }
        holds.remove(Thread.currentThread());
        boolean lost = !hold.lease.isHeld();
        hold.lease.close();
        if (lost) {
            throw new LeaseLostException(hold.lease.token(), "it was lost before it was unlocked");
        }
    }

    @Override
    public FencingToken token() {
        return ownHold().lease.token();
    }

    @Override
    public boolean isHeldByCurrentThread() {
        Hold hold = holds.get(Thread.currentThread());
        return hold != null && hold.lease.isHeld();
    }

    private boolean reentered() {
        @Nullable Hold hold = holds.get(Thread.currentThread());
        if (hold == null) {
            return false;
        }
        if (!hold.lease.isHeld()) {
            throw new LeaseLostException(
                    hold.lease.token(), "it was lost while this thread held the lock; unlock it, and start over");
        }
        hold.depth++;
        return true;
    }

    private void hold(Lease lease) {
        holds.put(Thread.currentThread(), new Hold(lease));
    }

    private Hold ownHold() {
        Hold hold = holds.get(Thread.currentThread());
        if (hold == null) {
            throw new IllegalMonitorStateException("'" + resource + "' is not locked by thread "
                    + Thread.currentThread().getName());
        }
        return hold;
    }

    @Override
    public String toString() {
        return "lock on " + resource;
    }
}
