package dev.fencepost.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.jdbc.PostgresLocks;
import dev.fencepost.redis.RedisFence;
import dev.fencepost.redis.RedisFence.Write;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** What {@code docs/postgres-lock.md} and {@code docs/foreign-tokens.md} show, as they show it. */
class PagesTest {
    @RegisterExtension
    static final Ledger LEDGER = new Ledger();

    @Test
    void locksOnPostgresAlone() {
        DataSource dataSource = LEDGER.dataSource();
        FenceGuard guard = LEDGER.guard();

        FenceSchema.migrate(dataSource); // once, at start-up; also makes the guard

        try (LockClient locks = PostgresLocks.connect(dataSource);
                Lease lease = locks.acquire("invoice/42", Duration.ofSeconds(5))) {
            guard.writeOnce(
                    lease.token(),
                    handle -> handle.execute("INSERT INTO balance (account, cents) VALUES (?, ?)", "invoice/42", 9900));
        }

        assertThat(LEDGER.cents("invoice/42")).isEqualTo(9900);
    }

    @Test
    void dataInRedis() {
        FencingToken token = FencingToken.of("product/7", 34);
        try (RedisServers servers = RedisServers.start(1)) {
            Config config = new Config();
            config.useSingleServer().setAddress(servers.node(0).uri()).setConnectionMinimumIdleSize(1);
            RedissonClient redisson = Redisson.create(config);

            RedisFence fence = RedisFence.of(redisson);
            fence.claim(token); // before reading what the write is computed from
            fence.write(token, Write.value("price:7", "990"), Write.hash("product:7", Map.of("price", "990")));
            fence.writeOnce(token, Write.value("sent:7", "yes")); // a repeated call is told ALREADY_APPLIED

            assertThat(fence.writeOnce(token, Write.value("sent:7", "no"))).isEqualTo(RedisFence.Once.ALREADY_APPLIED);
            assertThat(servers.node(0).command("GET", "price:7")).isEqualTo("990");
            assertThat(servers.node(0).command("GET", "sent:7")).isEqualTo("yes");
            redisson.shutdown();
        }
    }
}
