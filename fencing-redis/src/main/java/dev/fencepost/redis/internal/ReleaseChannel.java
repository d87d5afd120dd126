package dev.fencepost.redis.internal;

import dev.fencepost.spi.LockNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.redisson.client.BaseRedisPubSubListener;
import org.redisson.client.ChannelName;
import org.redisson.client.RedisClient;
import org.redisson.client.RedisPubSubConnection;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.pubsub.PubSubType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of releases on one node, over a connection of its own that is opened when somebody first watches. Redisson opens it again when it is lost, and subscribes anew; what is announced
 * meanwhile is not heard, which the port allows.
 *
 * <p>The monitor guards the fields below it, and subscriptions are sent under it, so that they keep their order; nobody is told anything under it.
 */
final class ReleaseChannel implements Releases {
    private static final Logger LOG = LoggerFactory.getLogger(ReleaseChannel.class);

    private final String node;
    private final RedisClient client;

    private final BaseRedisPubSubListener listener = new BaseRedisPubSubListener() {
        @Override
        public void onMessage(CharSequence channel, Object message) {
            announced(channel.toString(), String.valueOf(message));
        }
    };

    private final Map<String, Set<LongConsumer>> watchers = new HashMap<>();
    private @Nullable RedisPubSubConnection connection;
    private boolean connecting;
    private boolean closed;

    ReleaseChannel(String node, RedisClient client) {
        this.node = node;
        this.client = client;
    }

    @Override
    public LockNode.Watch watch(String channel, LongConsumer onRelease) {
        // An object of its own for each call, so that one watch does not end another.
        LongConsumer watcher = token -> onRelease.accept(token);
        boolean connect;
        synchronized (this) {
            Set<LongConsumer> others = watchers.computeIfAbsent(channel, name -> new HashSet<>());
            if (connection != null && others.isEmpty()) {
                subscribe(connection, channel);
            }
            others.add(watcher);
            connect = connection == null && !connecting && !closed;
            connecting |= connect;
        }
        if (connect) {
            connect();
        }
        return () -> cancel(channel, watcher);
    }

    @Override
    public void close() {
        RedisPubSubConnection open;
        synchronized (this) {
            closed = true;
            open = connection;
            connection = null;
            watchers.clear();
        }
        if (open != null) {
            var unused = open.closeAsync();
        }
    }

    private void connect() {
        CompletionStage<RedisPubSubConnection> opening = client.connectPubSubAsync();
        opening.whenComplete((opened, failure) -> {
            if (failure == null) {
                opened(opened);
            } else {
                LOG.debug("{} cannot be watched: {}", node, Reasons.of(failure));
                synchronized (this) {
                    connecting = false;
                }
            }
        });
    }

    private void opened(RedisPubSubConnection opened) {
        boolean late;
        synchronized (this) {
            connecting = false;
            late = closed;
            if (!late) {
                connection = opened;
                watchers.keySet().forEach(channel -> subscribe(opened, channel));
            }
        }
        if (late) {
            var unused = opened.closeAsync();
        }
    }

    private void announced(String channel, String token) {
        List<LongConsumer> told;
        synchronized (this) {
            told = List.copyOf(watchers.getOrDefault(channel, Set.of()));
        }
        long value = Replies.number(token);
        told.forEach(watcher -> watcher.accept(value));
    }

    private void cancel(String channel, LongConsumer watcher) {
        synchronized (this) {
            Set<LongConsumer> others = watchers.getOrDefault(channel, new HashSet<>());
            if (others.remove(watcher) && others.isEmpty()) {
                watchers.remove(channel);
                if (connection != null) {
                    unsubscribe(connection, channel);
                }
            }
        }
    }

    private void subscribe(RedisPubSubConnection open, String channel) {
        inOrder(open, () -> {
            open.addListener(new ChannelName(channel), listener);
            var unused = open.subscribe(StringCodec.INSTANCE, new ChannelName(channel));
        });
    }

    private void unsubscribe(RedisPubSubConnection open, String channel) {
        inOrder(open, () -> {
            open.removeListener(new ChannelName(channel), listener);
            var unused = open.unsubscribe(PubSubType.UNSUBSCRIBE, new ChannelName(channel));
        });
    }

    /** Queues also what comes from the channel's own thread, which would otherwise overtake what others have queued. */
    private void inOrder(RedisPubSubConnection open, Runnable work) {
        try {
            open.getChannel().eventLoop().execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is not watched any more: the client is closed", node);
        }
    }
}
