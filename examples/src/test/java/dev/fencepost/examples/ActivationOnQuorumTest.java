package dev.fencepost.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.jdbc.StaleTokenException;
import dev.fencepost.redis.RedisLocks;
import dev.fencepost.servers.PostgresServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Leases of a quorum of real nodes that are claimed at a real store before the caller has them. */
final class ActivationOnQuorumTest {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final String RESOURCE = "invoice/42";

    private static PostgresServer postgres;
    private static DataSource dataSource;

    @BeforeAll
    static void startPostgres() {
        postgres = PostgresServer.start();
        dataSource = postgres.newDatabase().dataSource();
        FenceSchema.migrate(dataSource);
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    @Test
    void everyLeaseIsClaimedBeforeTheCallerHasIt() {
        FenceGuard guard = FenceGuard.of(dataSource);
        try (RedisServers nodes = RedisServers.start(3);
                LockClient locks = guard.activating(RedisLocks.connect(nodes.uris()))) {
            FencingToken first;
            try (Lease lease = locks.acquire("order/1", WAIT)) {
                first = lease.token();
                assertThat(lastToken("order/1")).isEqualTo(first.value());
            }
            try (Lease lease = locks.acquire("order/1", WAIT)) {
                assertThat(lastToken("order/1")).isEqualTo(lease.token().value());
                // The new holder has not written yet, and its predecessor is too late already.
                assertThatThrownBy(() -> guard.write(first, handle -> {})).isInstanceOf(StaleTokenException.class);
            }
        }
    }

    /** Other nodes take the place of all the old ones, with nothing of what those had counted: the store alone knows how far the tokens were. */
    @Test
    void countersOfNodesThatLostEverythingCatchUpWithTheStore() {
        FenceGuard guard = FenceGuard.of(dataSource);
        FencingToken before;
        try (RedisServers nodes = RedisServers.start(3);
                LockClient locks = RedisLocks.connect(nodes.uris())) {
            for (int i = 0; i < 20; i++) {
                locks.acquire(RESOURCE, WAIT).close();
            }
            try (Lease lease = locks.acquire(RESOURCE, WAIT)) {
                before = lease.token();
                guard.write(before, handle -> {});
            }
        }
        assertThat(before.value()).isGreaterThan(20);

        try (RedisServers fresh = RedisServers.start(3);
                LockClient plain = RedisLocks.connect(fresh.uris());
                LockClient locks = guard.activating(RedisLocks.connect(fresh.uris()))) {
            try (Lease behind = plain.acquire(RESOURCE, WAIT)) {
                assertThat(behind.token().value()).isLessThan(before.value());
                assertThatThrownBy(() -> guard.write(behind.token(), handle -> {}))
                        .isInstanceOf(StaleTokenException.class);
            }
            try (Lease healed = locks.acquire(RESOURCE, WAIT)) {
                assertThat(healed.token().value()).isGreaterThan(before.value());
                guard.write(healed.token(), handle -> {});
            }
            // The nodes have learned it: the next lease is past the store without help.
            try (Lease next = plain.acquire(RESOURCE, WAIT)) {
                assertThat(next.token().value()).isGreaterThan(lastToken(RESOURCE));
                guard.write(next.token(), handle -> {});
            }
            assertThatThrownBy(() -> guard.write(before, handle -> {})).isInstanceOf(StaleTokenException.class);
        }
    }

    private static long lastToken(String resource) {
        return Jdbi.create(dataSource)
                .withHandle(handle -> handle.createQuery(
                                "SELECT last_token FROM fencepost.fence WHERE resource = :resource")
                        .bind("resource", resource)
                        .mapTo(Long.class)
                        .one());
    }
}
