package dev.fencepost.redis.internal;

import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/**
 * A node on Redis: turns verbs into scripts and replies into values.
 *
 * <p>A grant or raise that meets a process without scripts is not repeated: the process may have restarted, and the request may have been followed by its release. An
 * extension or release is, since neither takes anything that the owner does not hold.
 */
final class RedisNode implements LockNode {
    private final String name;
    private final Keys keys;
    private final Link link;

    RedisNode(String name, Keys keys, Link link) {
        this.name = name;
        this.keys = keys;
        this.link = link;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        return once(
                Script.GRANT,
                request,
                List.of(
                        request.owner(),
                        Long.toString(ttlMillis),
                        Long.toString(request.view()),
                        Long.toString(floor)));
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        return once(
                Script.RAISE, request, List.of(request.owner(), Long.toString(token), Long.toString(request.view())));
    }

    @Override
    public CompletionStage<NodeReply> extend(NodeRequest request, long ttlMillis, long token) {
        return repeatable(
                Script.EXTEND, request, List.of(request.owner(), Long.toString(ttlMillis), Long.toString(token)));
    }

    @Override
    public CompletionStage<NodeReply> release(NodeRequest request, long token) {
        return repeatable(Script.RELEASE, request, List.of(request.owner(), Long.toString(token)));
    }

    @Override
    public void close() {
        link.close();
    }

    private CompletionStage<NodeReply> once(Script script, NodeRequest request, List<String> args) {
        return withSession(
                request,
                (session, names) -> session.evalSha(script, names, args).handle((reply, failure) -> {
                    if (failure != null && Reasons.isNoScript(failure)) {
                        link.reload(session);
                    }
                    return Replies.of(reply, failure);
                }));
    }

    private CompletionStage<NodeReply> repeatable(Script script, NodeRequest request, List<String> args) {
        return withSession(
                request,
                (session, names) -> session.evalSha(script, names, args)
                        .exceptionallyCompose(failure -> {
                            if (!Reasons.isNoScript(failure)) {
                                return CompletableFuture.failedStage(failure);
                            }
                            link.reload(session);
                            return session.eval(script, names, args);
                        })
                        .handle(Replies::of));
    }

    private CompletionStage<NodeReply> withSession(
            NodeRequest request, BiFunction<Session, List<String>, CompletionStage<NodeReply>> call) {
        Link.State now = link.state();
        Session session = now.session();
        if (session == null) {
            return CompletableFuture.completedStage(new NodeReply.Unavailable(now.down()));
        }
        if (session.isChoked()) {
            return CompletableFuture.completedStage(
                    new NodeReply.Unavailable("hung: " + Session.MAX_UNANSWERED + " requests to it are unanswered"));
        }
        String resource = request.resource();
        return call.apply(session, List.of(keys.lock(resource), keys.counter(resource), keys.view()));
    }
}
