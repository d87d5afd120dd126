package dev.fencepost.jdbc;

import dev.fencepost.LockClient;
import javax.sql.DataSource;

/**
 * Makes lock clients on PostgreSQL alone, 14 or newer, for teams that have no other lock service.
 *
 * <p>It is the same client as on a quorum of Redis nodes, with one node: tokens come from a counter for each resource in a table and are durable
 * before they are handed out, leases run by the database's clock, and those who wait are woken by {@code NOTIFY}. There is as much fault tolerance
 * as the database has. {@link FenceSchema#migrate} makes what it needs; {@code docs/postgres-lock.md} says what a failover may forget, and what is done about it.
 */
public final class PostgresLocks {
    private PostgresLocks() {}

    /**
     * Connects with the default settings.
     *
     * @param dataSource the primary's database. The client keeps five of its connections until it is closed, so a pool must be able to spare them. They must be
     *     connections to the server itself or through a pooler that keeps sessions
     * @return a client, to be closed by the caller
     * @throws FenceSchemaException if the schema is not there or the role lacks a right
     * @throws dev.fencepost.QuorumUnavailableException if the database cannot be reached; the message says why
     */
    public static LockClient connect(DataSource dataSource) {
        return builder(dataSource).connect();
    }

    /**
     * Starts from the default settings.
     *
     * @param dataSource the primary's database, as for {@link #connect}
     * @return a builder, for use by one thread
     */
    public static PostgresLocksBuilder builder(DataSource dataSource) {
        return new PostgresLocksBuilder(dataSource);
    }
}
