package dev.fencepost.bench.ways;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.HashedWheelTimer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.redisson.client.RedisClient;
import org.redisson.client.RedisClientConfig;
import org.redisson.client.RedisConnection;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.RedisStrictCommand;

/** One pipelined connection a node through {@code org.redisson.client.RedisClient}, and as many threads as this library has. */
final class LowLevelTransport implements Transport {
    private static final int IO_THREADS = 2;
    private static final RedisStrictCommand<Long> EVALSHA = new RedisStrictCommand<>("EVALSHA");
    private static final RedisStrictCommand<String> LOAD = new RedisStrictCommand<>("SCRIPT", "LOAD");

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(IO_THREADS, NioIoHandler.newFactory());
    private final HashedWheelTimer timer = new HashedWheelTimer();
    private final List<RedisClient> clients = new ArrayList<>();
    private final List<RedisConnection> connections = new ArrayList<>();

    LowLevelTransport(List<String> nodes) {
        for (String node : nodes) {
            RedisClientConfig config = new RedisClientConfig();
            config.setAddress(node)
                    .setGroup(group)
                    .setExecutor(group)
                    .setTimer(timer)
                    .setResolverGroup(DefaultAddressResolverGroup.INSTANCE);
            RedisClient client = RedisClient.create(config);
            clients.add(client);
            connections.add(client.connect());
        }
    }

    @Override
    public int nodes() {
        return connections.size();
    }

    @Override
    public String load(String script) {
        String sha = "";
        for (RedisConnection connection : connections) {
            sha = connection.sync(StringCodec.INSTANCE, LOAD, script);
        }
        return sha;
    }

    @Override
    public CompletionStage<Long> call(int node, String sha, Object[] keys, Object... arguments) {
        Object[] params = new Object[2 + keys.length + arguments.length];
        params[0] = sha;
        params[1] = keys.length;
        System.arraycopy(keys, 0, params, 2, keys.length);
        System.arraycopy(arguments, 0, params, 2 + keys.length, arguments.length);
        return connections.get(node).async(StringCodec.INSTANCE, EVALSHA, params);
    }

    @Override
    public boolean isOrdered() {
        return true;
    }

    @Override
    public void close() {
        connections.forEach(connection -> connection.closeAsync().awaitUninterruptibly());
        clients.forEach(RedisClient::shutdown);
        timer.stop();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
