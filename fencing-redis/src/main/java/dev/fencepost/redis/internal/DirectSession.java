package dev.fencepost.redis.internal;

import io.netty.handler.flush.FlushConsolidationHandler;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.redisson.client.RedisConnection;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.CommandData;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.client.protocol.RedisStrictCommand;
import org.redisson.client.protocol.decoder.ObjectListReplayDecoder;

/**
 * One connection to a node, from its first byte to its last: requests go out pipelined, in the order in which they were made, and those that are unanswered when it
 * ends fail with it. Safe for use by many threads.
 */
final class DirectSession implements Session {
    private static final int MOST_IN_ONE_PIECE = 256;

    private static final RedisCommand<List<Object>> EVALSHA =
            new RedisCommand<>("EVALSHA", new ObjectListReplayDecoder<>());
    private static final RedisCommand<List<Object>> EVAL = new RedisCommand<>("EVAL", new ObjectListReplayDecoder<>());
    private static final RedisCommand<List<Object>> CONFIG_GET =
            new RedisCommand<>("CONFIG", "GET", new ObjectListReplayDecoder<>());
    private static final RedisStrictCommand<String> INFO = new RedisStrictCommand<>("INFO");

    private final RedisConnection connection;
    private final Set<Request<?>> unanswered = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean ended;

    /** A request, told apart by identity. */
    private static final class Request<T> {
        private final CompletableFuture<T> reply = new CompletableFuture<>();
    }

    DirectSession(RedisConnection connection) {
        this.connection = connection;
        // What many threads have queued by the time that the channel's own gets to it goes out in one piece, and a node
        // works it off in one.
        connection.getChannel().pipeline().addFirst(new FlushConsolidationHandler(MOST_IN_ONE_PIECE, true));
    }

    @Override
    public boolean isChoked() {
        return count.get() >= MAX_UNANSWERED;
    }

    @Override
    public CompletionStage<List<Object>> evalSha(Script.Loaded script, List<String> keys, List<String> args) {
        return send(EVALSHA, params(script.sha1(), keys, args));
    }

    @Override
    public CompletionStage<List<Object>> eval(String script, List<String> keys, List<String> args) {
        return send(EVAL, params(script, keys, args));
    }

    @Override
    public CompletionStage<String> info() {
        return send(INFO, new Object[] {"server"});
    }

    @Override
    public CompletionStage<String> fsync() {
        CompletionStage<List<Object>> reply = send(CONFIG_GET, new Object[] {"appendfsync"});
        return reply.handle(
                (words, failure) -> failure == null && words.size() == 2 ? String.valueOf(words.get(1)) : "");
    }

    @Override
    public void end(String reason) {
        ended = true;
        var unused = connection.closeAsync();
        for (Request<?> request : unanswered) {
            request.reply.completeExceptionally(new SessionEndedException(reason));
        }
    }

    @Override
    public void onEnd(Runnable work) {
        var unused = connection.getChannel().closeFuture().addListener(end -> work.run());
    }

    private <T, R> CompletionStage<R> send(RedisCommand<T> command, Object[] params) {
        Request<R> request = new Request<>();
        unanswered.add(request);
        count.incrementAndGet();
        CompletionStage<R> reply = request.reply;
        reply.whenComplete((answer, failure) -> {
            unanswered.remove(request);
            count.decrementAndGet();
        });
        CommandData<T, R> data = new CommandData<>(request.reply, StringCodec.INSTANCE, command, params);
        try {
            // Also from the channel's own thread, which would otherwise write at once: a release could overtake the
            // grant that another thread has queued.
            connection.getChannel().eventLoop().execute(() -> write(data, request));
        } catch (RejectedExecutionException e) {
            request.reply.completeExceptionally(new SessionEndedException("the client was closed"));
        }
        if (ended) {
            request.reply.completeExceptionally(new SessionEndedException("the connection was lost"));
        }
        return reply;
    }

    private <T, R> void write(CommandData<T, R> data, Request<R> request) {
        var unused = connection.send(data).addListener(written -> {
            if (!written.isSuccess()) {
                request.reply.completeExceptionally(written.cause());
            }
        });
    }

    private static Object[] params(String scriptOrSha1, List<String> keys, List<String> args) {
        Object[] params = new Object[2 + keys.size() + args.size()];
        Arrays.setAll(params, i -> {
            if (i < 2) {
                return i == 0 ? scriptOrSha1 : Integer.toString(keys.size());
            }
            return i < 2 + keys.size() ? keys.get(i - 2) : args.get(i - 2 - keys.size());
        });
        return params;
    }
}
