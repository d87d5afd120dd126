package dev.fencepost.jdbc.internal;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockTimeoutException;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.OutcomeUnknownException;
import dev.fencepost.jdbc.StaleTokenException;
import dev.fencepost.jdbc.StoreUnavailableException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Claims each lease at the store before the caller has it. */
public final class ActivatingClient implements LockClient {
    /** How often a counter that is behind is asked to catch up. Once is enough unless somebody else goes on claiming. */
    private static final int MOST_CATCH_UPS = 3;

    private static final int MOST_CLAIMS = 3;

    private final FenceGuard guard;
    private final LockClient locks;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fencepost-activation");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Decorates.
     *
     * @param guard claims
     * @param locks takes the locks
     */
    public ActivatingClient(FenceGuard guard, LockClient locks) {
        this.guard = guard;
        this.locks = Objects.requireNonNull(locks, "locks");
    }

    @Override
    public Optional<Lease> tryAcquire(String resource) {
        return locks.tryAcquire(resource).flatMap(this::activateAtOnce);
    }

    @Override
    public Lease acquire(String resource, Duration maxWait) {
        long startNanos = System.nanoTime();
        Lease lease = locks.acquire(resource, maxWait);
        return activate(lease, maxWait.minusNanos(System.nanoTime() - startNanos));
    }

    @Override
    public CompletionStage<Optional<Lease>> tryAcquireAsync(String resource) {
        CompletionStage<Optional<Lease>> taken = locks.tryAcquireAsync(resource);
        return new Handover<Optional<Lease>>(taken)
                .through(threads, found -> found.flatMap(this::activateAtOnce), found -> found.ifPresent(Lease::close));
    }

    @Override
    public CompletionStage<Lease> acquireAsync(String resource, Duration maxWait) {
        long startNanos = System.nanoTime();
        CompletionStage<Lease> taken = locks.acquireAsync(resource, maxWait);
        return new Handover<Lease>(taken)
                .through(
                        threads,
                        lease -> activate(lease, maxWait.minusNanos(System.nanoTime() - startNanos)),
                        Lease::close);
    }

    @Override
    public CompletionStage<Lease> acquireAboveAsync(FencingToken last, Duration maxWait) {
        CompletionStage<Lease> taken = locks.acquireAboveAsync(last, maxWait);
        return new Handover<Lease>(taken).through(threads, lease -> activate(lease, maxWait), Lease::close);
    }

    private Optional<Lease> activateAtOnce(Lease lease) {
        try {
            return Optional.of(activate(lease, Duration.ZERO));
        } catch (LockTimeoutException fasterWhileCatchingUp) {
            return Optional.empty();
        }
    }

    private Lease activate(Lease first, Duration maxWait) {
        Lease lease = first;
        for (int catchUps = 0; ; catchUps++) {
            try {
                claim(lease, 1);
                return lease;
            } catch (StaleTokenException e) {
                lease.close();
                if (catchUps == MOST_CATCH_UPS) {
                    throw e;
                }
                lease = above(e, maxWait);
            } catch (RuntimeException | Error e) {
                lease.close();
                throw e;
            }
        }
    }

    /** The lock was won with a token that the store is past: the nodes' counters have fallen behind it, or somebody was faster. */
    private Lease above(StaleTokenException stale, Duration maxWait) {
        try {
            return Handover.await(locks.acquireAboveAsync(stale.lastToken(), maxWait));
        } catch (UnsupportedOperationException e) {
            stale.addSuppressed(e);
            throw stale;
        }
    }

    private void claim(Lease lease, int attempt) {
        try {
            guard.within(lease::remaining).retrying(MOST_CLAIMS).write(lease.token(), handle -> {});
        } catch (OutcomeUnknownException e) {
            // A claim may be repeated, whatever became of the first.
            if (attempt == MOST_CLAIMS) {
                throw new StoreUnavailableException(
                        "whether " + lease.token() + " is claimed is not known, so the lock is given up: "
                                + e.getMessage(),
                        e);
            }
            claim(lease, attempt + 1);
        }
    }

    @Override
    public void close() {
        locks.close();
        threads.shutdown();
    }
}
