package dev.fencepost.redis;

import dev.fencepost.servers.RedisServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A quorum of five, with clients that ask a majority first beside others that ask all nodes. */
class ThriftyClientContractTest extends RedisClientContract {
    private static RedisServers servers;

    private int clients;

    @BeforeAll
    static void startServers() {
        servers = RedisServers.start(5);
    }

    @AfterAll
    static void stopServers() {
        servers.close();
    }

    @Override
    RedisServers servers() {
        return servers;
    }

    @Override
    void change(RedisLocksBuilder builder) {
        if (clients++ % 2 == 0) {
            builder.thrifty();
        }
    }
}
