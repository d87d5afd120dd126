package dev.fencepost.redis.internal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.CompletableFuture;
import org.redisson.client.DefaultNettyHook;
import org.redisson.client.RedisConnection;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisPubSubConnection;

/**
 * Keeps Redisson from bringing back connections that nobody waits for. It opens anew whatever ends without having been closed. But a {@link Link} dials by itself, and of a
 * connection that ended before it was ready nobody knows any more: each of those would come back beside its successor, and stay for as long as the client lives. What hears of
 * releases is brought back, once it was ready: {@link ReleaseChannel} relies on that.
 *
 * <p>Safe for use by many threads: it keeps nothing.
 */
final class NoRevival extends DefaultNettyHook {
    private static final String LOST = "the connection was lost before it was ready";

    @Override
    public void afterChannelInitialization(Channel channel) {
        // First, so that it knows of an end before what opens connections anew does.
        channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelInactive(ChannelHandlerContext context) {
                RedisConnection connection = RedisConnection.getFrom(context.channel());
                if (connection != null && !isAwaitedBack(connection)) {
                    var unused = connection.closeAsync();
                    // Otherwise whoever dialled hears of it only when the time to connect is over.
                    connection.getConnectionPromise().completeExceptionally(new RedisConnectionException(LOST));
                }
                context.fireChannelInactive();
            }
        });
    }

    private static boolean isAwaitedBack(RedisConnection connection) {
        CompletableFuture<RedisConnection> ready = connection.getConnectionPromise();
        return connection instanceof RedisPubSubConnection && ready.isDone() && !ready.isCompletedExceptionally();
    }
}
