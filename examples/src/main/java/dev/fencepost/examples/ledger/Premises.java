package dev.fencepost.examples.ledger;

import dev.fencepost.examples.billing.Protection;
import dev.fencepost.examples.billing.WorkerSettings;
import dev.fencepost.examples.billing.WorkerSettings.Database;
import dev.fencepost.servers.Persistence;
import dev.fencepost.servers.PostgresDatabase;
import dev.fencepost.servers.PostgresServer;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * The servers of a run: five Redis nodes that keep what they are told, and a PostgreSQL.
 *
 * @param redis the nodes
 * @param postgres the database server
 */
record Premises(RedisServers redis, PostgresServer postgres) implements AutoCloseable {
    static final int NODES = 5;

    /** Starts everything. */
    static Premises open() {
        RedisServers redis = RedisServers.start(NODES, Persistence.ALWAYS);
        try {
            return new Premises(redis, PostgresServer.start());
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    /** New books with open accounts, in a database of their own. */
    Office newOffice(Scale scale, Protection protection) {
        PostgresDatabase database = postgres.newDatabase();
        Jdbi owner = Jdbi.create(database.dataSource());
        Books.migrate(database.dataSource());
        owner.useTransaction(handle -> Books.open(handle, scale.accounts(), Scale.OPENING));
        if (protection == Protection.GUARD) {
            Books.protect(database.dataSource());
        }
        String role = "app_" + database.name();
        String password = UUID.randomUUID().toString();
        Books.createRole(owner, role, password);
        WorkerSettings settings = new WorkerSettings(
                "nobody",
                protection,
                scale.lease(),
                List.of(redis.uris()),
                new Database(database.jdbcUrl(), role, password));
        return new Office(owner, settings);
    }

    /**
     * Books, and who may write them.
     *
     * @param owner connects as the owner, who is for looking
     * @param anybody what workers are told, but for their names
     */
    record Office(Jdbi owner, WorkerSettings anybody) {
        WorkerSettings settings(String worker) {
            return new WorkerSettings(
                    worker, anybody.protection(), anybody.lease(), anybody.nodes(), anybody.database());
        }
    }

    /** A node, counted from 1. */
    RedisServer node(int number) {
        return redis.node(number - 1);
    }

    /** Starts every node that an earlier act has left dead. */
    void heal() {
        redis.nodes().stream().filter(node -> !node.isRunning()).forEach(RedisServer::restart);
    }

    /** What it all runs on. */
    Map<String, String> environment() {
        Map<String, String> versions = new LinkedHashMap<>();
        String info = redis.node(0).command("INFO", "server");
        versions.put("redis-server", info.replaceFirst("(?s).*redis_version:([^\\r\\n]+).*", "$1") + " x" + NODES);
        Jdbi database = Jdbi.create(postgres.dataSource());
        versions.put(
                "PostgreSQL",
                database.withHandle(handle -> handle.createQuery("SHOW server_version")
                        .mapTo(String.class)
                        .one()));
        versions.put("Java", String.valueOf(System.getProperty("java.version")));
        return versions;
    }

    @Override
    public void close() {
        try (redis;
                postgres) {
            // Both end, whatever the other one says.
        }
    }
}
