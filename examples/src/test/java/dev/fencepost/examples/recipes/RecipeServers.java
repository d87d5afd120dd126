package dev.fencepost.examples.recipes;

import dev.fencepost.LockClient;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.redis.RedisLocks;
import dev.fencepost.servers.PostgresServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.locator.ClasspathSqlLocator;

/** Three Redis nodes and a database with the tables of the recipes. All tests of this package share them; they end with the JVM. */
final class RecipeServers {
    static final Duration SOON = Duration.ofSeconds(30);
    static final RecipeServers SHARED = new RecipeServers();

    private final RedisServers redis = RedisServers.start(3);
    private final PostgresServer postgres = PostgresServer.start();
    private final DataSource dataSource = postgres.newDatabase().dataSource();

    private RecipeServers() {
        FenceSchema.migrate(dataSource);
        jdbi().useHandle(handle -> handle.createScript(
                        ClasspathSqlLocator.create().getResource("dev/fencepost/examples/recipes/V1__recipes.sql"))
                .execute());
    }

    RedisServers redis() {
        return redis;
    }

    DataSource dataSource() {
        return dataSource;
    }

    Jdbi jdbi() {
        return Jdbi.create(dataSource);
    }

    LockClient connect() {
        return RedisLocks.connect(redis.uris());
    }

    /** The lock as one node has it that was asked by somebody else in the same moment. */
    void grantToAnother(int node, String resource) {
        redis.node(node).command("SET", "fencepost:lock:" + resource, "another-" + node, "PX", "30000");
    }

    /** What a failover to a replica that lags behind leaves of a lock: nothing, although its holder goes on. */
    void forgetLock(String resource) {
        for (int node = 0; node < redis.nodes().size(); node++) {
            forgetLock(node, resource);
        }
    }

    /** One node has the lock no more. */
    void forgetLock(int node, String resource) {
        redis.node(node).command("DEL", "fencepost:lock:" + resource);
    }
}
