package dev.fencepost.jdbc;

import dev.fencepost.LockClient;
import dev.fencepost.LockListener;
import dev.fencepost.jdbc.internal.locks.Joining;
import dev.fencepost.jdbc.internal.locks.PostgresNode;
import dev.fencepost.jdbc.internal.locks.Threads;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.QuorumLocks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/** Collects the settings of a lock client on PostgreSQL. For use by one thread; nothing is checked before {@link #connect()}. */
public final class PostgresLocksBuilder {
    private static final int MAX_CONNECTIONS = 32;
    private static final Duration LONGEST_CONNECT = Duration.ofMinutes(5);
    private static final Duration SILENT = Duration.ofSeconds(2);

    private final DataSource dataSource;
    private int connections = 4;
    private boolean synchronous;
    private Duration lease = LockSettings.DEFAULT.leases().length();
    private Duration maxLease = LockSettings.DEFAULT.leases().longest();
    private double drift = LockSettings.DEFAULT.leases().drift();
    private Optional<Duration> autoExtend = Optional.empty();
    private Duration retryDelay = LockSettings.DEFAULT.retry().first();
    private Duration maxRetryDelay = LockSettings.DEFAULT.retry().largest();
    private double retryJitter = LockSettings.DEFAULT.retry().jitter();
    private Optional<Duration> nodeTimeout = Optional.empty();
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Optional<Executor> executor = Optional.empty();
    private Optional<LockListener> listener = Optional.empty();

    PostgresLocksBuilder(DataSource dataSource) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    }

    /**
     * How many connections the requests of this client share, each with a thread; one more hears of releases. All requests for one resource go over one of them. 4 unless
     * set. Neither leases nor waiting threads need more, only a high rate of acquisitions does.
     *
     * @param connections from 1 to 32
     * @return this builder
     */
    public PostgresLocksBuilder connections(int connections) {
        this.connections = connections;
        return this;
    }

    /**
     * Vouches that a failover of the database forgets nothing that was committed, because commits wait for the standby ({@code synchronous_standby_names}). After a failover
     * locks are then granted at once; without this, only when the longest lease has run out that the new primary may not know. Tokens stay in order in either case.
     *
     * @return this builder
     */
    public PostgresLocksBuilder synchronousReplication() {
        this.synchronous = true;
        return this;
    }

    /**
     * How long a lock is held unless it is extended. 30 seconds unless set.
     *
     * @param lease at least 10 ms, and at most {@link #maxLease(Duration)}
     * @return this builder
     */
    public PostgresLocksBuilder lease(Duration lease) {
        this.lease = lease;
        return this;
    }

    /**
     * The longest lease that this client ever asks for. 5 minutes unless set. It should be the same for all clients of a database.
     *
     * @param maxLease at most a day
     * @return this builder
     */
    public PostgresLocksBuilder maxLease(Duration maxLease) {
        this.maxLease = maxLease;
        return this;
    }

    /**
     * Extends every lease automatically, each time a third of it has passed, for as long as it is neither closed nor lost. Leases are not extended unless this is set.
     *
     * @return this builder
     */
    public PostgresLocksBuilder autoExtend() {
        return autoExtend(LockSettings.NO_CAP);
    }

    /**
     * Extends every lease automatically, each time a third of it has passed, but never beyond an age.
     *
     * @param cap how old a lease may become
     * @return this builder
     */
    public PostgresLocksBuilder autoExtend(Duration cap) {
        this.autoExtend = Optional.of(cap);
        return this;
    }

    /**
     * The part of a lease that its holder does not use, because clocks do not run alike. 0.01 unless set.
     *
     * @param drift from 0 to 0.5
     * @return this builder
     */
    public PostgresLocksBuilder drift(double drift) {
        this.drift = drift;
        return this;
    }

    /**
     * How long to pause between attempts at a lock that somebody else holds, where no release wakes the waiter: a first pause that doubles up to a largest one. 10 and
     * 200 ms unless set.
     *
     * @param first at least 1 ms
     * @param largest at least the first
     * @return this builder
     */
    public PostgresLocksBuilder retryDelay(Duration first, Duration largest) {
        this.retryDelay = first;
        this.maxRetryDelay = largest;
        return this;
    }

    /**
     * By what part of itself a pause is shorter or longer, at random. 0.5 unless set.
     *
     * @param retryJitter from 0 to 1
     * @return this builder
     */
    public PostgresLocksBuilder retryJitter(double retryJitter) {
        this.retryJitter = retryJitter;
        return this;
    }

    /**
     * Where the application's own code runs: what depends on the asynchronous forms, what was given to {@code onLost}, the listener. Two threads of the client's own unless
     * set; an executor of virtual threads is fine. It is not shut down with the client.
     *
     * @param executor runs what it is given, sooner or later
     * @return this builder
     */
    public PostgresLocksBuilder executor(Executor executor) {
        this.executor = Optional.of(executor);
        return this;
    }

    /**
     * Who is told what happens.
     *
     * @param listener called on the executor
     * @return this builder
     */
    public PostgresLocksBuilder listener(LockListener listener) {
        this.listener = Optional.of(listener);
        return this;
    }

    /**
     * How long to wait for the database's answer, before an attempt is given up. Two seconds unless set, or a quarter of the lease if that is less.
     *
     * @param nodeTimeout at least 1 ms, and less than the lease
     * @return this builder
     */
    public PostgresLocksBuilder nodeTimeout(Duration nodeTimeout) {
        this.nodeTimeout = Optional.of(nodeTimeout);
        return this;
    }

    /**
     * How long to wait at most for the connections at the start. 10 seconds unless set.
     *
     * @param connectTimeout from 1 ms to 5 minutes
     * @return this builder
     */
    public PostgresLocksBuilder connectTimeout(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
        return this;
    }

    /**
     * Checks the settings, connects, and waits until all connections are in use. One that is lost later is opened again in the background.
     *
     * @return a client, to be closed by the caller
     * @throws IllegalArgumentException if a setting is not allowed; the message names it, its value, and what is allowed
     * @throws FenceSchemaException if the schema is not there or the role lacks a right
     * @throws dev.fencepost.QuorumUnavailableException if the connections cannot be opened; the message says why. Nothing is left running
     */
    public LockClient connect() {
        LockSettings settings = settings();
        if (connections < 1 || connections > MAX_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "connections must be from 1 to " + MAX_CONNECTIONS + ", but are " + connections);
        }
        Objects.requireNonNull(connectTimeout, "connectTimeout");
        if (connectTimeout.toMillis() < 1 || connectTimeout.compareTo(LONGEST_CONNECT) > 0) {
            throw new IllegalArgumentException("connectTimeout must be from 1 ms to " + LONGEST_CONNECT.toMillis()
                    + " ms, but is " + connectTimeout);
        }
        Threads threads = new Threads(executor);
        EventSink events =
                listener.map(told -> EventSink.to(told, threads.executor())).orElse(EventSink.NONE);
        PostgresNode node = new PostgresNode(new Joining(dataSource, maxLease, synchronous), connections, events);
        LockClient client = QuorumLocks.over(
                List.of(node),
                settings,
                Environment.of(threads.scheduler(), threads.executor()),
                events,
                threads::close);
        try {
            node.connect(connectTimeout);
            node.awaitUse(connectTimeout);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
        return client;
    }

    private LockSettings settings() {
        LockSettings.Leases leases = new LockSettings.Leases(lease, maxLease, drift, autoExtend);
        Duration quarter = lease.dividedBy(4);
        return new LockSettings(
                leases,
                new LockSettings.Retry(retryDelay, maxRetryDelay, retryJitter),
                nodeTimeout.orElse(quarter.compareTo(SILENT) < 0 ? quarter : SILENT),
                new LockSettings.Recovery(false, true));
    }
}
