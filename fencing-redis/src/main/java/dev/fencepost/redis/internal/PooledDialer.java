package dev.fencepost.redis.internal;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.redisson.RedissonShutdownException;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisNode;
import org.redisson.api.redisnode.RedisNodes;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisNodeNotFoundException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.codec.StringCodec;

/**
 * Sessions on the pooled connections of a client that the application owns, and that is never closed here.
 *
 * <p>The client connects, reconnects and repeats requests by itself, within its own timeouts. A session lasts until a request fails because the node cannot be reached; requests under way are answered
 * when Redisson has given them up and no earlier, since until then they may still have an effect. They keep no order; {@link OrderedNode} does.
 */
final class PooledDialer implements Link.Dialer {
    private final RedissonClient client;
    private final Executor blocking;
    private final Set<Request<?>> unanswered = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean closed;

    /** A request, told apart by identity. */
    private static final class Request<R> {
        private final CompletableFuture<R> reply = new CompletableFuture<>();

        private void fail() {
            reply.completeExceptionally(new SessionEndedException("the client was closed"));
        }
    }

    /**
     * Makes sessions of a client.
     *
     * @param blocking where a client that has not connected yet may take its time
     */
    PooledDialer(RedissonClient client, Executor blocking) {
        this.client = client;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Session> dial() {
        PooledSession session = new PooledSession();
        return CompletableFuture.supplyAsync(session::info, blocking)
                .thenCompose(info -> info)
                .thenApply(info -> session);
    }

    @Override
    public CompletionStage<Void> close() {
        closed = true;
        unanswered.forEach(Request::fail);
        return CompletableFuture.completedFuture(null);
    }

    private static String asRedisWritesIt(Map<String, String> info) {
        return info.entrySet().stream()
                .map(field -> field.getKey() + ":" + field.getValue())
                .collect(Collectors.joining("\r\n"));
    }

    private static boolean isUnreachable(Throwable failure) {
        return failure instanceof RedisConnectionException
                || failure instanceof RedisTimeoutException
                || failure instanceof RedisNodeNotFoundException
                || failure instanceof RedissonShutdownException;
    }

    /** From one failure to the next. */
    private final class PooledSession implements Session {
        private final CompletableFuture<Void> over = new CompletableFuture<>();

        @Override
        public boolean isChoked() {
            return count.get() >= MAX_UNANSWERED;
        }

        @Override
        public CompletionStage<List<Object>> evalSha(Script.Loaded script, List<String> keys, List<String> args) {
            return send(() -> scripts()
                    .evalShaAsync(
                            RScript.Mode.READ_WRITE,
                            script.sha1(),
                            RScript.ReturnType.LIST,
                            List.copyOf(keys),
                            args.toArray()));
        }

        @Override
        public CompletionStage<List<Object>> eval(String script, List<String> keys, List<String> args) {
            return send(() -> scripts()
                    .evalAsync(
                            RScript.Mode.READ_WRITE,
                            script,
                            RScript.ReturnType.LIST,
                            List.copyOf(keys),
                            args.toArray()));
        }

        @Override
        public CompletionStage<String> info() {
            Supplier<CompletionStage<Map<String, String>>> ask =
                    () -> client.getRedisNodes(RedisNodes.SINGLE).getInstance().infoAsync(RedisNode.InfoSection.SERVER);
            return send(ask).thenApply(PooledDialer::asRedisWritesIt);
        }

        @Override
        public CompletionStage<String> fsync() {
            Supplier<CompletionStage<Map<String, String>>> ask =
                    () -> client.getRedisNodes(RedisNodes.SINGLE).getInstance().getConfigAsync("appendfsync");
            return send(ask).handle((config, failure) -> failure == null ? config.getOrDefault("appendfsync", "") : "");
        }

        @Override
        public void end(String reason) {
            over.complete(null);
        }

        @Override
        public void onEnd(Runnable work) {
            CompletionStage<Void> end = over;
            end.thenRun(work);
        }

        private RScript scripts() {
            return client.getScript(StringCodec.INSTANCE);
        }

        private <R> CompletionStage<R> send(Supplier<CompletionStage<R>> sending) {
            Request<R> request = new Request<>();
            unanswered.add(request);
            count.incrementAndGet();
            CompletionStage<R> reply = request.reply;
            reply.whenComplete((answer, failure) -> {
                unanswered.remove(request);
                count.decrementAndGet();
            });
            try {
                sending.get().whenComplete((answer, failure) -> {
                    if (failure == null) {
                        request.reply.complete(answer);
                    } else {
                        failed(request, failure);
                    }
                });
            } catch (RuntimeException e) {
                // A client that was shut down throws at once.
                failed(request, e);
            }
            if (closed) {
                request.fail();
            }
            return reply;
        }

        private void failed(Request<?> request, Throwable failure) {
            Throwable cause = Reasons.unwrapped(failure);
            request.reply.completeExceptionally(cause);
            if (isUnreachable(cause)) {
                end("the node cannot be reached");
            }
        }
    }
}
