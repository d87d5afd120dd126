package dev.fencepost.servers;

import java.util.List;
import javax.sql.DataSource;

/**
 * One PostgreSQL server that loses nothing that it has confirmed: {@code fsync}, {@code synchronous_commit} and
 * {@code full_page_writes} are on.
 *
 * <p>Where it comes from is decided as for {@link RedisServers}; {@code external} uses the server at
 * {@code fencepost.postgres.url} with {@code fencepost.postgres.user} and {@code fencepost.postgres.password}.
 *
 * <p>A start takes about two seconds, {@link #newDatabase()} a tenth of one: share the server between test classes, and
 * give each class a database.
 */
public interface PostgresServer extends Server {
    /** What makes a commit mean that it is on disk, as arguments of the server. */
    List<String> DURABLE = List.of(
            "-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on", "-c", "max_connections=100");

    /**
     * Starts a server and waits until it takes connections.
     *
     * @throws ServerException when it does not start
     */
    static PostgresServer start() {
        return switch (Provision.current()) {
            case DOCKER -> DockerPostgresServer.start();
            case EMBEDDED -> EmbeddedPostgresServer.start();
            case EXTERNAL -> ExternalPostgresServer.connect();
        };
    }

    /** The database that every server has. Use it to look at the server; for tables, take {@link #newDatabase()}. */
    PostgresDatabase maintenance();

    /** Creates an empty database. It is deleted with the server. */
    default PostgresDatabase newDatabase() {
        return maintenance().createSibling();
    }

    /** The URL of {@link #maintenance()}. */
    default String jdbcUrl() {
        return maintenance().jdbcUrl();
    }

    /** A superuser, unless the server was given from outside. */
    default String user() {
        return maintenance().user();
    }

    /** The password of {@link #user()}; may be empty. */
    default String password() {
        return maintenance().password();
    }

    /** Unpooled connections to {@link #maintenance()}. */
    default DataSource dataSource() {
        return maintenance().dataSource();
    }

    /** Ends it at once but in its own way (SIGQUIT, "immediate shutdown"): open transactions are lost, and clients told. */
    void stopImmediate();
}
