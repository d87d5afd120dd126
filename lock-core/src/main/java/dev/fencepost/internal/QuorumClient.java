package dev.fencepost.internal;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockTimeoutException;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.TokensExhaustedException;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.QuorumLocks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The client over a quorum of nodes. */
public final class QuorumClient implements LockClient {
    private static final Duration LONGEST_WAIT = Duration.ofDays(36_500);

    private final Quorum quorum;
    private final WaitingRoom room;
    private final Optional<Renewals> renewals;
    private final Runnable afterClose;
    private final Set<HeldLease> leases = ConcurrentHashMap.newKeySet();
    private final Set<Acquisition> acquisitions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Makes a client.
     *
     * @param nodes all nodes of the quorum, which the client closes
     * @param events where to tell what happens
     * @param afterClose run once when the client has closed its nodes
     */
    public QuorumClient(
            QuorumLocks.Nodes nodes,
            LockSettings settings,
            Environment environment,
            EventSink events,
            Runnable afterClose) {
        this.quorum = new Quorum(nodes, settings, environment, events);
        this.room = new WaitingRoom(quorum);
        this.renewals = settings.leases().extendedUpTo().map(cap -> new Renewals(quorum, cap));
        this.afterClose = afterClose;
        quorum.join();
    }

    /** The size of a majority of so many nodes. */
    public static int quorum(int nodes) {
        return Ballot.quorum(nodes);
    }

    /** How many nodes have to take part in a lock. */
    public int needed() {
        return quorum.roster().quorum();
    }

    /** Makes a cluster of the nodes, all of whose tokens are larger than the floor. */
    public static void format(QuorumLocks.Nodes nodes, LockSettings settings, Environment environment, long floor) {
        Formatting.run(nodes, settings, environment, floor);
    }

    /** Changes the set of nodes of a cluster to the members given here. */
    public static CompletionStage<Void> change(
            QuorumLocks.Nodes nodes, LockSettings settings, Environment environment) {
        return Changing.run(nodes, settings, environment);
    }

    /** How each node is found by one look, in the order of their names. */
    public static List<QuorumLocks.Standing> look(
            QuorumLocks.Nodes nodes, LockSettings settings, Environment environment) {
        return Standings.of(nodes, settings, environment);
    }

    @Override
    public CompletionStage<Optional<Lease>> tryAcquireAsync(String resource) {
        Acquisition acquisition = start(new Demand(resource, 0, Duration.ZERO));
        return onExecutor(acquisition, outcome -> leaseIfFree(resource, outcome));
    }

    @Override
    public CompletionStage<Lease> acquireAsync(String resource, Duration maxWait) {
        Duration wait = bounded(Objects.requireNonNull(maxWait, "maxWait"));
        Acquisition acquisition = start(new Demand(resource, 0, wait));
        return onExecutor(acquisition, outcome -> lease(resource, wait, outcome));
    }

    @Override
    public CompletionStage<Lease> acquireAboveAsync(FencingToken last, Duration maxWait) {
        Duration wait = bounded(Objects.requireNonNull(maxWait, "maxWait"));
        Acquisition acquisition = start(new Demand(last.resource(), last.value(), wait));
        return onExecutor(acquisition, outcome -> lease(last.resource(), wait, outcome));
    }

    @Override
    public Optional<Lease> tryAcquire(String resource) {
        Acquisition acquisition = start(new Demand(resource, 0, Duration.ZERO));
        return leaseIfFree(resource, await(acquisition));
    }

    @Override
    public Lease acquire(String resource, Duration maxWait) {
        Duration wait = bounded(Objects.requireNonNull(maxWait, "maxWait"));
        return lease(resource, wait, await(start(new Demand(resource, 0, wait))));
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        quorum.stopAttempts();
        room.close();
        acquisitions.forEach(acquisition -> acquisition.result().completeExceptionally(closedFailure()));
        leases.forEach(HeldLease::close);
        quorum.released().join();
        quorum.closeNodes();
        afterClose.run();
    }

    private Acquisition start(Demand demand) {
        FencingToken.requireResource(demand.resource());
        if (closed) {
            throw closedFailure();
        }
        Acquisition acquisition = new Acquisition(room, quorum, this::hold, demand);
        acquisitions.add(acquisition);
        CompletionStage<Outcome> end = acquisition.result();
        end.whenComplete((outcome, failure) -> acquisitions.remove(acquisition));
        acquisition.start();
        if (closed) {
            acquisition.result().completeExceptionally(closedFailure());
        }
        return acquisition;
    }

    private HeldLease hold(Outcome.Won won) {
        HeldLease lease = HeldLease.of(quorum, room, won);
        leases.add(lease);
        room.hold(lease);
        lease.over().thenRun(() -> leases.remove(lease));
        renewals.ifPresent(keeper -> keeper.keep(lease));
        if (closed) {
            lease.close();
        }
        return lease;
    }

    private static Outcome await(Acquisition acquisition) {
        return Waiting.await(
                acquisition.result(), "lock '" + acquisition.demand().resource() + "'");
    }

    /** Completes on the executor; cancelling it ends the acquisition, and a lease that nobody takes any more is closed. */
    private <T> CompletionStage<T> onExecutor(Acquisition acquisition, Function<Outcome, T> result) {
        CompletableFuture<T> stage = new CompletableFuture<>();
        CompletionStage<T> end = stage;
        end.whenComplete((value, failure) -> {
            if (stage.isCancelled()) {
                acquisition.result().cancel(false);
            }
        });
        CompletionStage<Outcome> outcome = acquisition.result();
        outcome.whenCompleteAsync(
                        (ended, failure) -> {
                            try {
                                if (failure != null) {
                                    stage.completeExceptionally(failure);
                                } else if (!stage.complete(result.apply(ended))) {
                                    giveBack(ended);
                                }
                            } catch (RuntimeException e) {
                                stage.completeExceptionally(e);
                            }
                        },
                        quorum.environment().executor())
                .whenComplete((ended, failure) -> {
                    // Still open only if the executor has refused: then it fails here, and keeps nothing.
                    if (failure != null && stage.completeExceptionally(failure)) {
                        outcome.thenAccept(QuorumClient::giveBack);
                    }
                });
        return stage;
    }

    private static void giveBack(Outcome outcome) {
        if (outcome instanceof Outcome.Acquired acquired) {
            acquired.lease().close();
        }
    }

    private static Optional<Lease> leaseIfFree(String resource, Outcome outcome) {
        return outcome instanceof Outcome.Contended
                ? Optional.empty()
                : Optional.of(lease(resource, Duration.ZERO, outcome));
    }

    private static Lease lease(String resource, Duration maxWait, Outcome outcome) {
        if (outcome instanceof Outcome.Acquired acquired) {
            return acquired.lease();
        }
        if (outcome instanceof Outcome.Contended contended) {
            throw new LockTimeoutException(resource, maxWait, contended.describe());
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

    /** What can be counted in nanoseconds: a wait beyond that, in either direction, would overflow where nobody sees it. */
    private static Duration bounded(Duration maxWait) {
        if (maxWait.isNegative()) {
            return Duration.ZERO;
        }
        return maxWait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : maxWait;
    }

    private static IllegalStateException closedFailure() {
        return new IllegalStateException("the lock client is closed; create a new one");
    }
}
