package dev.fencepost.redis;

import dev.fencepost.servers.RedisServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** One node. */
class SingleClientContractTest extends RedisClientContract {
    private static RedisServers servers;

    @BeforeAll
    static void startServers() {
        servers = RedisServers.start(1);
    }

    @AfterAll
    static void stopServers() {
        servers.close();
    }

    @Override
    RedisServers servers() {
        return servers;
    }
}
