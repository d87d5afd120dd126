package dev.fencepost.redis.internal;

import java.util.List;
import java.util.Objects;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.config.SingleServerConfig;

/**
 * A client that the application owns, as one node.
 *
 * @param name the address of the node, without user and password
 */
public record OwnedClient(RedissonClient client, String name) {
    private static final String PROBE = "fencepost";

    /**
     * Looks at whether a client can be a node.
     *
     * @throws IllegalArgumentException if it cannot; the message says why
     */
    public static OwnedClient of(RedissonClient client) {
        Objects.requireNonNull(client, "client");
        Config config = client.getConfig();
        if (!config.isSingleConfig()) {
            throw new IllegalArgumentException(
                    "each of the clients must be of a single server, since replicas and shards are no independent"
                            + " nodes; one is set up for another mode");
        }
        SingleServerConfig single = config.useSingleServer();
        String name = single.getAddress().replaceAll("//.*@", "//");
        if (single.getDatabase() != 0) {
            throw new IllegalArgumentException("clients must use database 0, where others look for the locks, but "
                    + name + " uses " + single.getDatabase());
        }
        // Wherever the mapper was set: this is what it does.
        if (!client.getTopic(PROBE).getChannelNames().equals(List.of(PROBE))) {
            throw new IllegalArgumentException(
                    "clients must not map names, or others do not see the locks, but that of " + name
                            + " has a name mapper; use keyPrefix instead");
        }
        if (client.isShutdown() || client.isShuttingDown()) {
            throw new IllegalArgumentException("clients must be open, but that of " + name + " was shut down");
        }
        return new OwnedClient(client, name);
    }

    @Override
    public String toString() {
        return name;
    }
}
