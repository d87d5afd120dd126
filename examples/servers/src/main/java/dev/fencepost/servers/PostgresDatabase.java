package dev.fencepost.servers;

import java.sql.Connection;
import java.sql.ResultSet;
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
    static PostgresDatabase at(String host, int port, String user) {
        return new PostgresDatabase("postgres", "jdbc:postgresql://" + host + ":" + port + "/postgres", user, "");
    }

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
        return new PostgresDatabase(fresh, jdbcUrl.replaceFirst("(//[^/?]+/)[^/?]+", "$1" + fresh), user, password);
    }

    /** Deletes another database of the same server, whoever is connected to it. */
    void drop(PostgresDatabase sibling) {
        execute("DROP DATABASE IF EXISTS " + sibling.name() + " WITH (FORCE)");
    }

    /** The first column of the first row, as text. */
    String query(String sql) {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            if (!result.next()) {
                throw new ServerException(sql + " has no result at " + jdbcUrl);
            }
            return result.getString(1);
        } catch (SQLException e) {
            throw new ServerException(sql + " failed at " + jdbcUrl + ": " + e.getMessage(), e);
        }
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
