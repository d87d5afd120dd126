package dev.fencepost.spi;

import dev.fencepost.LockClient;
import dev.fencepost.LockListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The settings that every lock client has, whatever its nodes are. For use by one thread; nothing is checked before {@link #connect()}.
 *
 * @param <B> the builder of the adapter
 */
public abstract class LockClientBuilder<B extends LockClientBuilder<B>> {
    private Duration lease = LockSettings.DEFAULT.leases().length();
    private Duration maxLease = LockSettings.DEFAULT.leases().longest();
    private double drift = LockSettings.DEFAULT.leases().drift();
    private Optional<Duration> autoExtend = Optional.empty();
    private Duration retryDelay = LockSettings.DEFAULT.retry().first();
    private Duration maxRetryDelay = LockSettings.DEFAULT.retry().largest();
    private double retryJitter = LockSettings.DEFAULT.retry().jitter();
    private Optional<Duration> nodeTimeout = Optional.empty();
    private Duration connectTimeout;
    private Optional<Executor> executor = Optional.empty();
    private Optional<LockListener> listener = Optional.empty();

    /**
     * A builder with the defaults.
     *
     * @param connectTimeout how long to wait for a connection unless something else is set
     */
    protected LockClientBuilder(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    /**
     * How long a lock is held unless it is extended, counted from before it is asked for. 30 seconds unless set. Who had to wait for another of the same client may
     * find up to an eighth of it gone.
     *
     * @param lease at least 10 ms, and at most {@link #maxLease(Duration)}
     * @return this builder
     */
    public final B lease(Duration lease) {
        this.lease = lease;
        return self();
    }

    /**
     * The longest lease that this client ever asks for, and so how long a node that has forgotten stays out. 5 minutes unless set. It should be the same for all clients of the same nodes.
     *
     * @param maxLease at most a day
     * @return this builder
     */
    public final B maxLease(Duration maxLease) {
        this.maxLease = maxLease;
        return self();
    }

    /**
     * Extends every lease automatically, each time a third of it has passed, for as long as it is neither closed nor lost. Leases are not extended unless this is set.
     *
     * @return this builder
     */
    public final B autoExtend() {
        return autoExtend(LockSettings.NO_CAP);
    }

    /**
     * Extends every lease automatically, each time a third of it has passed, but never beyond an age.
     *
     * @param cap how old a lease may become
     * @return this builder
     */
    public final B autoExtend(Duration cap) {
        this.autoExtend = Optional.of(cap);
        return self();
    }

    /**
     * The part of a lease that its holder does not use, because clocks do not run alike. 0.01 unless set.
     *
     * @param drift from 0 to 0.5
     * @return this builder
     */
    public final B drift(double drift) {
        this.drift = drift;
        return self();
    }

    /**
     * How long to wait for a node that stays silent, before an attempt goes without it. Nodes that answer in time are never waited for that long. Half a second on Redis and
     * 2 seconds on PostgreSQL unless set, or a quarter of the lease if that is less.
     *
     * @param nodeTimeout at least 1 ms, and less than the lease
     * @return this builder
     */
    public final B nodeTimeout(Duration nodeTimeout) {
        this.nodeTimeout = Optional.of(nodeTimeout);
        return self();
    }

    /**
     * How long to wait at most for a connection, and at the start for what is needed to begin. 3 seconds on Redis and 10 on PostgreSQL unless set.
     *
     * @param connectTimeout from 1 ms to 5 minutes
     * @return this builder
     */
    public final B connectTimeout(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
        return self();
    }

    /**
     * How long to pause between attempts at a lock that somebody else holds, where no release wakes the waiter: a first pause that doubles up to a largest one. 10 and
     * 200 ms unless set.
     *
     * @param first at least 1 ms
     * @param largest at least the first
     * @return this builder
     */
    public final B retryDelay(Duration first, Duration largest) {
        this.retryDelay = first;
        this.maxRetryDelay = largest;
        return self();
    }

    /**
     * By what part of itself a pause is shorter or longer, at random. 0.5 unless set.
     *
     * @param retryJitter from 0 to 1
     * @return this builder
     */
    public final B retryJitter(double retryJitter) {
        this.retryJitter = retryJitter;
        return self();
    }

    /**
     * Where the application's own code runs: what depends on the asynchronous forms, what was given to {@code onLost}, the listener. Two threads of the client's own unless
     * set; an executor of virtual threads is fine. It is not shut down with the client. One that runs what it is given in the thread of the caller lets a thread that closes a lease run the code of whoever has it next.
     *
     * @param executor runs what it is given, sooner or later
     * @return this builder
     */
    public final B executor(Executor executor) {
        this.executor = Optional.of(executor);
        return self();
    }

    /**
     * Who is told what happens.
     *
     * @param listener called on the executor
     * @return this builder
     */
    public final B listener(LockListener listener) {
        this.listener = Optional.of(listener);
        return self();
    }

    /**
     * Checks the settings, connects, and waits until locks can be taken.
     *
     * @return a client, to be closed by the caller
     * @throws IllegalArgumentException if a setting is not allowed; the message names it, its value, and what is allowed
     * @throws dev.fencepost.QuorumUnavailableException if too little can be reached; the message says why. Nothing is left running
     */
    public abstract LockClient connect();

    /**
     * The settings, checked.
     *
     * @param nodeTimeout how long to wait for a silent node unless something else is set; a quarter of the lease if that is less
     * @param recovery what to do with nodes that are blank or have forgotten
     * @return the settings
     */
    protected final LockSettings settings(Duration nodeTimeout, LockSettings.Recovery recovery) {
        LockSettings.Leases leases = new LockSettings.Leases(lease, maxLease, drift, autoExtend);
        Duration quarter = lease.dividedBy(4);
        return new LockSettings(
                leases,
                new LockSettings.Retry(retryDelay, maxRetryDelay, retryJitter),
                this.nodeTimeout.orElse(quarter.compareTo(nodeTimeout) < 0 ? quarter : nodeTimeout),
                recovery);
    }

    /**
     * The time for connecting, not checked.
     *
     * @return what was set
     */
    protected final Duration connectTimeout() {
        return connectTimeout;
    }

    /**
     * The application's executor.
     *
     * @return empty if none was set
     */
    protected final Optional<Executor> executor() {
        return executor;
    }

    /**
     * Where events go.
     *
     * @param on where the listener is called
     * @return the listener, or nowhere
     */
    protected final EventSink events(Executor on) {
        return listener.map(told -> EventSink.to(told, on)).orElse(EventSink.NONE);
    }

    @SuppressWarnings("unchecked") // A builder gives itself as B.
    private B self() {
        return (B) this;
    }
}
