package dev.fencepost.bench.ways;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One pipelined connection a node through Lettuce, all of one client. */
final class LettuceTransport implements Transport {
    private final RedisClient client = RedisClient.create();
    private final List<StatefulRedisConnection<String, String>> connections = new ArrayList<>();

    LettuceTransport(List<String> nodes) {
        for (String node : nodes) {
            connections.add(client.connect(RedisURI.create(node)));
        }
    }

    @Override
    public int nodes() {
        return connections.size();
    }

    @Override
    public String load(String script) {
        String sha = "";
        for (StatefulRedisConnection<String, String> connection : connections) {
            sha = connection.sync().scriptLoad(script);
        }
        return sha;
    }

    @Override
    public CompletionStage<Long> call(int node, String sha, Object[] keys, Object... arguments) {
        return connections
                .get(node)
                .async()
                .evalsha(
                        sha,
                        ScriptOutputType.INTEGER,
                        Arrays.copyOf(keys, keys.length, String[].class),
                        Arrays.copyOf(arguments, arguments.length, String[].class));
    }

    @Override
    public boolean isOrdered() {
        return true;
    }

    @Override
    public void close() {
        connections.forEach(StatefulRedisConnection::close);
        client.shutdown();
    }
}
