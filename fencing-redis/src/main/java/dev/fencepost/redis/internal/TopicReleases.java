package dev.fencepost.redis.internal;

import dev.fencepost.spi.LockNode;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears of releases over the subscriptions of a client that the application owns. Redisson subscribes again when a connection is lost. */
final class TopicReleases implements Releases {
    private static final Logger LOG = LoggerFactory.getLogger(TopicReleases.class);

    private final String node;
    private final RedissonClient client;
    private final Set<LockNode.Watch> open = ConcurrentHashMap.newKeySet();

    TopicReleases(String node, RedissonClient client) {
        this.node = node;
        this.client = client;
    }

    @Override
    public LockNode.Watch watch(String channel, LongConsumer onRelease) {
        RTopic topic = client.getTopic(channel, StringCodec.INSTANCE);
        CompletionStage<Integer> listening =
                topic.addListenerAsync(String.class, (name, token) -> onRelease.accept(Replies.number(token)));
        listening.whenComplete((id, failure) -> {
            if (failure != null) {
                LOG.debug("{} cannot be watched: {}", node, Reasons.of(failure));
            }
        });
        Watching watch = new Watching(topic, listening);
        open.add(watch);
        return watch;
    }

    @Override
    public void close() {
        open.forEach(LockNode.Watch::cancel);
    }

    /** One wish, told apart by identity. */
    private final class Watching implements LockNode.Watch {
        private final RTopic topic;
        private final CompletionStage<Integer> listening;
        private final AtomicBoolean cancelled = new AtomicBoolean();

        private Watching(RTopic topic, CompletionStage<Integer> listening) {
            this.topic = topic;
            this.listening = listening;
        }

        @Override
        public void cancel() {
            if (cancelled.compareAndSet(false, true)) {
                open.remove(this);
                // Not before it has begun, or it would begin afterwards.
                listening.thenAccept(id -> {
                    var unused = topic.removeListenerAsync(id);
                });
            }
        }
    }
}
