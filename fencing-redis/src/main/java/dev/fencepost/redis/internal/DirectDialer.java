package dev.fencepost.redis.internal;

import java.util.concurrent.CompletionStage;
import org.redisson.client.RedisClient;

/** Opens connections of our own to a node. */
record DirectDialer(RedisClient client) implements Link.Dialer {
    @Override
    public CompletionStage<Session> dial() {
        return client.connectAsync().thenApply(DirectSession::new);
    }

    @Override
    public CompletionStage<Void> close() {
        return client.shutdownAsync().toCompletableFuture();
    }
}
