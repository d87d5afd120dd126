package dev.fencepost.bench.ways;

import com.zaxxer.hikari.HikariDataSource;
import dev.fencepost.servers.PostgresDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** PostgreSQL's advisory lock of a session, on a pooled connection that is kept while it is held. It ends with the session, and has no token. */
public final class AdvisoryWay implements Way {
    private final HikariDataSource pool = new HikariDataSource();

    /** Prepares the connections. */
    public AdvisoryWay(PostgresDatabase database) {
        pool.setJdbcUrl(database.jdbcUrl());
        pool.setUsername(database.user());
        pool.setPassword(database.password());
    }

    @Override
    public String title() {
        return "pg_advisory_lock, 1 server, no token";
    }

    @Override
    public Runnable acquire(String resource) {
        try {
            Connection connection = pool.getConnection();
            run(connection, "SELECT pg_advisory_lock(hashtextextended(?, 0))", resource);
            return () -> release(connection, resource);
        } catch (SQLException e) {
            throw new IllegalStateException("could not lock " + resource, e);
        }
    }

    private static void release(Connection connection, String resource) {
        try (connection) {
            run(connection, "SELECT pg_advisory_unlock(hashtextextended(?, 0))", resource);
        } catch (SQLException e) {
            throw new IllegalStateException("could not unlock " + resource, e);
        }
    }

    private static void run(Connection connection, String sql, String resource) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, resource);
            statement.executeQuery().close();
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
