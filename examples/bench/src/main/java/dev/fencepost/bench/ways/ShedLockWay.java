package dev.fencepost.bench.ways;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.time.Instant;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.redis.support.InternalRedisLockProvider;
import net.javacrumbs.shedlock.provider.redis.support.InternalRedisLockTemplate;

/** ShedLock on one Redis node, without Spring: what all its Redis providers share, over Lettuce, deleting only its own locks. It does not wait, and has no token. */
public final class ShedLockWay implements Way {
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final RedisClient client = RedisClient.create();
    private final StatefulRedisConnection<String, String> connection;
    private final LockProvider locks;

    /** Connects to the node. */
    public ShedLockWay(String node) {
        connection = client.connect(RedisURI.create(node));
        locks = new InternalRedisLockProvider(new OverLettuce(connection), "bench", "job-lock", true);
    }

    @Override
    public String title() {
        return "ShedLock, 1 Redis node, no token";
    }

    @Override
    public Runnable acquire(String resource) {
        SimpleLock lock = locks.lock(new LockConfiguration(Instant.now(), resource, LEASE, Duration.ZERO))
                .orElseThrow(() -> new IllegalStateException(resource + " was to be free, and is held"));
        return lock::unlock;
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }

    private record OverLettuce(StatefulRedisConnection<String, String> connection)
            implements InternalRedisLockTemplate {
        @Override
        public boolean setIfAbsent(String key, String value, long expirationMillis) {
            return "OK"
                    .equals(connection
                            .sync()
                            .set(key, value, SetArgs.Builder.nx().px(expirationMillis)));
        }

        @Override
        public boolean setIfPresent(String key, String value, long expirationMillis) {
            return "OK"
                    .equals(connection
                            .sync()
                            .set(key, value, SetArgs.Builder.xx().px(expirationMillis)));
        }

        @Override
        public Object eval(String script, String key, String... values) {
            return connection.sync().eval(script, ScriptOutputType.INTEGER, new String[] {key}, values);
        }

        @Override
        public void delete(String key) {
            connection.sync().del(key);
        }
    }
}
