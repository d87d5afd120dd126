package dev.fencepost.redis;

import dev.fencepost.LockClient;
import dev.fencepost.LockClientContract;
import dev.fencepost.servers.RedisServers;

/** The contract of clients on so many real servers. */
abstract class RedisClientContract extends LockClientContract {
    abstract RedisServers servers();

    /** What is special about the next client. */
    void change(RedisLocksBuilder builder) {}

    @Override
    protected final LockClient connect(Settings settings) {
        RedisLocksBuilder builder = RedisLocks.builder()
                .addresses(servers().uris())
                .formatBlankNodes()
                .lease(settings.lease())
                .listener(settings.listener());
        settings.pause().ifPresent(pause -> builder.retryDelay(pause, pause));
        if (settings.autoExtend()) {
            builder.autoExtend();
        }
        change(builder);
        return builder.connect();
    }
}
