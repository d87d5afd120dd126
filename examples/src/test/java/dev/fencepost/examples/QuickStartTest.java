package dev.fencepost.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.servers.PostgresServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The first Java block of the README is run here; {@link DocumentationTest} sees to it that it is the same. */
final class QuickStartTest {
    private static final RedisServers REDIS = RedisServers.start(3);

    /** Stands in for the class of the same name for one thing only: the addresses of the README are not those of the servers here. */
    private static final class RedisLocks {
        static LockClient connect(String... addresses) {
            assertThat(addresses).containsExactly("redis://a:6379", "redis://b:6379", "redis://c:6379");
            return dev.fencepost.redis.RedisLocks.connect(REDIS.uris());
        }
    }

    @AfterAll
    static void stopRedis() {
        REDIS.close();
    }

    @Test
    void quickStartChargesTheInvoice() {
        try (PostgresServer postgres = PostgresServer.start()) {
            DataSource dataSource = postgres.newDatabase().dataSource();
            Jdbi jdbi = Jdbi.create(dataSource);
            jdbi.useHandle(handle -> handle.execute("CREATE TABLE charge (invoice_id bigint, cents integer)"));

            quickStart(dataSource, jdbi);

            List<String> charges =
                    jdbi.withHandle(handle -> handle.createQuery("SELECT invoice_id || ':' || cents FROM charge")
                            .mapTo(String.class)
                            .list());
            assertThat(charges).containsExactly("42:9900");
        }
    }

    private static void quickStart(DataSource dataSource, Jdbi jdbi) {
        try (LockClient locks = RedisLocks.connect("redis://a:6379", "redis://b:6379", "redis://c:6379")) {
            FenceSchema.migrate(dataSource); // once, at start-up
            FenceGuard guard = FenceGuard.of(jdbi); // or FenceGuard.of(dataSource)

            try (Lease lease = locks.acquire("invoice/42", Duration.ofSeconds(5))) {
                guard.writeOnce(
                        lease.token(),
                        handle -> handle.execute("INSERT INTO charge (invoice_id, cents) VALUES (?, ?)", 42, 9900));
            }
        }
    }
}
