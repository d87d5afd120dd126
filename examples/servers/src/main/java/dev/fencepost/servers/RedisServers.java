package dev.fencepost.servers;

import java.util.ArrayList;
import java.util.List;

/**
 * Independent Redis nodes: neither a cluster nor replicas of each other.
 *
 * <p>The system property {@code fencepost.servers} (or {@code FENCEPOST_SERVERS} in the environment) says what they are:
 * {@code docker}, {@code embedded}, {@code external} or, by default, {@code auto}: containers where a Docker engine
 * answers, and otherwise processes from embedded binaries. One printed line says which it was. {@code external} uses the
 * nodes that {@code fencepost.redis.nodes} names; they are neither emptied nor ended.
 */
public final class RedisServers implements AutoCloseable {
    private final List<RedisServer> nodes;

    private RedisServers(List<? extends RedisServer> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /** Starts nodes that keep nothing when they are killed. */
    public static RedisServers start(int count) {
        return start(RedisOptions.nodes(count));
    }

    /** Starts nodes with this persistence. */
    public static RedisServers start(int count, Persistence persistence) {
        return start(RedisOptions.nodes(count).with(persistence));
    }

    /**
     * Starts nodes and waits until each of them answers.
     *
     * @throws ServerException when one of them does not start; the others are stopped
     */
    public static RedisServers start(RedisOptions options) {
        return new RedisServers(
                switch (Provision.current()) {
                    case DOCKER -> DockerRedisServer.start(options);
                    case EMBEDDED -> EmbeddedRedisServer.start(options);
                    case EXTERNAL -> ExternalRedisServer.connect(options);
                });
    }

    /** The nodes, in a fixed order. */
    public List<RedisServer> nodes() {
        return nodes;
    }

    /** One node, counted from 0. */
    public RedisServer node(int index) {
        return nodes.get(index);
    }

    /** The addresses of all nodes, in their order. */
    public String[] uris() {
        return nodes.stream().map(RedisServer::uri).toArray(String[]::new);
    }

    /** Ends every node and deletes its data. */
    @Override
    public void close() {
        Closing.all(new ArrayList<>(nodes));
    }
}
