package dev.fencepost.bench.ways;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/**
 * One Redisson client for each node, with Redisson's defaults but for what its documentation recommends to who has several: they share their
 * threads, 16 for callbacks as by default and 2 for each processor for the network; five default clients would run 245.
 */
final class RedissonClients implements AutoCloseable {
    private static final int CALLBACK_THREADS = 16;

    private final EventLoopGroup network =
            new MultiThreadIoEventLoopGroup(2 * Runtime.getRuntime().availableProcessors(), NioIoHandler.newFactory());
    private final ExecutorService callbacks = Executors.newFixedThreadPool(CALLBACK_THREADS);
    private final List<RedissonClient> clients = new ArrayList<>();

    RedissonClients(List<String> nodes) {
        for (String node : nodes) {
            Config config = new Config()
                    .setEventLoopGroup(network)
                    .setExecutor(callbacks)
                    .setCodec(StringCodec.INSTANCE);
            config.useSingleServer().setAddress(node);
            clients.add(Redisson.create(config));
        }
    }

    List<RedissonClient> all() {
        return List.copyOf(clients);
    }

    @Override
    public void close() {
        clients.forEach(RedissonClient::shutdown);
        callbacks.shutdown();
        network.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
