package dev.fencepost.redis;

import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Clients as an application has them: with pools, retries and everything else as Redisson has it unless told otherwise, and few threads. */
final class OwnedClients implements AutoCloseable {
    private final RedissonClient[] clients;

    OwnedClients(RedisServers servers) {
        this.clients = servers.nodes().stream().map(OwnedClients::of).toArray(RedissonClient[]::new);
    }

    static RedissonClient of(RedisServer server) {
        Config config = new Config().setThreads(2).setNettyThreads(2);
        config.useSingleServer().setAddress(server.uri());
        return Redisson.create(config);
    }

    RedissonClient[] all() {
        return clients.clone();
    }

    @Override
    public void close() {
        for (RedissonClient client : clients) {
            client.shutdown();
        }
    }
}
