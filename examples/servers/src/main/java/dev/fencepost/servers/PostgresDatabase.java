package dev.fencepost.servers;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One database and how to reach it.
 *
 * @param name its name, one that needs no quoting
 * @param jdbcUrl its address, without user and password
 * @param user who connects
 * @param password the password of the user; may be empty
 */
public record PostgresDatabase(String name, String jdbcUrl, String user, String password) {
    /** Connections of its own for each call, no pool. */
    public DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl);
        source.setUser(user);
        source.setPassword(password);
        return source;
    }

    /** Another database of the same server, new and empty. */
    PostgresDatabase createSibling() {
        String fresh = "fencepost_" + UUID.randomUUID().toString().replace("-", "");
        execute("CREATE DATABASE " + fresh);
        return new PostgresDatabase(fresh, jdbcUrl.replace("/" + name, "/" + fresh), user, password);
    }

    /** Deletes another database of the same server, whoever is connected to it. */
    void drop(PostgresDatabase sibling) {
        execute("DROP DATABASE IF EXISTS " + sibling.name() + " WITH (FORCE)");
    }

    private void execute(String sql) {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new ServerException(sql + " failed at " + jdbcUrl + ": " + e.getMessage(), e);
        }
    }
}
