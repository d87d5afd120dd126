package dev.fencepost.jdbc;

import dev.fencepost.LockClient;
import dev.fencepost.jdbc.internal.locks.Joining;
import dev.fencepost.jdbc.internal.locks.PostgresNode;
import dev.fencepost.jdbc.internal.locks.Threads;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockClientBuilder;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.QuorumLocks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/** Collects the settings of a lock client on PostgreSQL. For use by one thread; nothing is checked before {@link #connect()}. */
public final class PostgresLocksBuilder extends LockClientBuilder<PostgresLocksBuilder> {
    private static final int MAX_CONNECTIONS = 32;
    private static final Duration LONGEST_CONNECT = Duration.ofMinutes(5);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SILENT = Duration.ofSeconds(2);

    private final DataSource dataSource;
    private int connections = 4;
    private boolean synchronous;

    PostgresLocksBuilder(DataSource dataSource) {
        super(CONNECT_TIMEOUT);
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
     * Checks the settings, connects, and waits until all connections are in use. One that is lost later is opened again in the background.
     *
     * @return a client, to be closed by the caller
     * @throws IllegalArgumentException if a setting is not allowed; the message names it, its value, and what is allowed
     * @throws FenceSchemaException if the schema is not there or the role lacks a right
     * @throws dev.fencepost.QuorumUnavailableException if the connections cannot be opened; the message says why. Nothing is left running
     */
    @Override
    public LockClient connect() {
        LockSettings settings = settings(SILENT, new LockSettings.Recovery(false, true));
        if (connections < 1 || connections > MAX_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "connections must be from 1 to " + MAX_CONNECTIONS + ", but are " + connections);
        }
        Duration connectTimeout = Objects.requireNonNull(connectTimeout(), "connectTimeout");
        if (connectTimeout.toMillis() < 1 || connectTimeout.compareTo(LONGEST_CONNECT) > 0) {
            throw new IllegalArgumentException("connectTimeout must be from 1 ms to " + LONGEST_CONNECT.toMillis()
                    + " ms, but is " + connectTimeout);
        }
        Threads threads = new Threads(executor());
        EventSink events = events(threads.executor());
        PostgresNode node = new PostgresNode(
                new Joining(dataSource, settings.leases().longest(), synchronous), connections, events);
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
}
