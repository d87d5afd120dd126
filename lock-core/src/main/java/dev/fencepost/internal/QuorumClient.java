package dev.fencepost.internal;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockTimeoutException;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.TokensExhaustedException;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.LockSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The client over a quorum of nodes. */
public final class QuorumClient implements LockClient {
    private static final Duration LONGEST_WAIT = Duration.ofDays(365);

    private final Quorum quorum;
    private final Runnable afterClose;
    private final Set<HeldLease> leases = ConcurrentHashMap.newKeySet();
    private final Set<Acquisition> acquisitions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Makes a client.
     *
     * @param nodes all nodes of the quorum, which the client closes
     * @param afterClose run once when the client has closed its nodes
     */
    public QuorumClient(List<LockNode> nodes, LockSettings settings, Environment environment, Runnable afterClose) {
        this.quorum = new Quorum(nodes, settings, environment);
        this.afterClose = afterClose;
    }

    @Override
    public Optional<Lease> tryAcquire(String resource) {
        Outcome outcome = outcome(resource, Duration.ZERO);
        return outcome instanceof Outcome.Contended ? Optional.empty() : Optional.of(leaseOf(resource, outcome));
    }

    @Override
    public Lease acquire(String resource, Duration maxWait) {
        Duration wait = bounded(Objects.requireNonNull(maxWait, "maxWait"));
        Outcome outcome = outcome(resource, wait);
        if (outcome instanceof Outcome.Contended contended) {
            throw new LockTimeoutException(resource, wait, contended.describe());
        }
        return leaseOf(resource, outcome);
    }

    /** What can be counted in nanoseconds: a wait beyond that, in either direction, would overflow where nobody sees it. */
    private static Duration bounded(Duration maxWait) {
        if (maxWait.isNegative()) {
            return Duration.ZERO;
        }
        return maxWait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : maxWait;
    }

    private Outcome outcome(String resource, Duration maxWait) {
        FencingToken.requireResource(resource);
        requireOpen();
        Acquisition acquisition = Acquisition.start(quorum, resource, maxWait);
        acquisitions.add(acquisition);
        try {
            if (closed) {
                acquisition.result().completeExceptionally(closedFailure());
            }
            return Waiting.await(acquisition.result(), "lock '" + resource + "'");
        } finally {
            acquisitions.remove(acquisition);
        }
    }

    private Lease leaseOf(String resource, Outcome outcome) {
        if (outcome instanceof Outcome.Won won) {
            return hold(won);
        }
        if (outcome instanceof Outcome.Unavailable unavailable) {
            throw new QuorumUnavailableException(unavailable.what(), unavailable.reasons());
        }
        if (outcome instanceof Outcome.Exhausted exhausted) {
            throw new TokensExhaustedException("no larger token exists for '" + resource
                    + "'; use another name, and find out who set its counters: " + exhausted.reasons());
        }
        throw new IllegalStateException("an acquisition of '" + resource + "' ended with " + outcome);
    }

    private Lease hold(Outcome.Won won) {
        HeldLease lease = new HeldLease(quorum, won, leases::remove);
        leases.add(lease);
        if (closed) {
            lease.close();
            throw closedFailure();
        }
        return lease;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        acquisitions.forEach(acquisition -> acquisition.result().completeExceptionally(closedFailure()));
        leases.forEach(HeldLease::close);
        quorum.released().join();
        quorum.closeNodes();
        afterClose.run();
    }

    private void requireOpen() {
        if (closed) {
            throw closedFailure();
        }
    }

    private static IllegalStateException closedFailure() {
        return new IllegalStateException(
                "the lock client is closed; create a new one with RedisLocks.connect or its builder");
    }
}
