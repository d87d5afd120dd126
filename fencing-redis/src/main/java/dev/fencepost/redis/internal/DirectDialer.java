package dev.fencepost.redis.internal;

import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.redisson.client.RedisClient;

/**
 * Opens connections of our own to a node.
 *
 * @param through what stands between a connection and its user
 */
record DirectDialer(RedisClient client, UnaryOperator<Session> through) implements Link.Dialer {
    @Override
    public CompletionStage<Session> dial() {
        return client.connectAsync().thenApply(DirectSession::new).thenApply(through);
    }

    @Override
    public CompletionStage<Void> close() {
        return client.shutdownAsync().toCompletableFuture();
    }
}
