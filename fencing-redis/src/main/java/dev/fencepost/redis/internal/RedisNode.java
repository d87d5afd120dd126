package dev.fencepost.redis.internal;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/**
 * A node on Redis: turns verbs into scripts and replies into values.
 *
 * <p>A grant, raise or restoration that meets a process without scripts is not repeated: the process may have restarted, and the request may have been followed by its release. An
 * extension or release is, since neither takes anything that the owner does not hold.
 */
final class RedisNode implements LockNode {
    private final String name;
    private final Keys keys;
    private final Link link;
    private final Releases releases;

    RedisNode(String name, Keys keys, Link link, Releases releases) {
        this.name = name;
        this.keys = keys;
        this.link = link;
        this.releases = releases;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        return once(
                Script.GRANT,
                request.resource(),
                List.of(
                        request.owner(),
                        Long.toString(ttlMillis),
                        Long.toString(request.view()),
                        Long.toString(floor)));
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        return once(
                Script.RAISE,
                request.resource(),
                List.of(request.owner(), Long.toString(token), Long.toString(request.view())));
    }

    @Override
    public CompletionStage<List<NodeReply>> extend(List<HeldLock> locks, long ttlMillis) {
        List<String> names = new ArrayList<>(1 + 2 * locks.size());
        List<String> args = new ArrayList<>(1 + 2 * locks.size());
        names.add(keys.view());
        args.add(Long.toString(ttlMillis));
        for (HeldLock lock : locks) {
            names.add(keys.lock(lock.resource()));
            names.add(keys.counter(lock.resource()));
            args.add(lock.owner());
            args.add(Long.toString(lock.token()));
        }
        return repeatable(Script.EXTEND, names, args)
                .handle((reply, failure) -> Replies.ofEach(locks.size(), reply, failure));
    }

    @Override
    public CompletionStage<NodeReply> restore(HeldLock lock, long ttlMillis) {
        return once(
                Script.RESTORE,
                lock.resource(),
                List.of(lock.owner(), Long.toString(lock.token()), Long.toString(ttlMillis)));
    }

    @Override
    public CompletionStage<NodeReply> release(HeldLock lock, boolean announce) {
        String channel = announce ? keys.channel(lock.resource()) : "";
        return repeatable(
                        Script.RELEASE,
                        names(lock.resource()),
                        List.of(lock.owner(), Long.toString(lock.token()), channel))
                .handle(Replies::of);
    }

    @Override
    public Watch watch(String resource, LongConsumer onRelease) {
        return releases.watch(keys.channel(resource), onRelease);
    }

    @Override
    public void close() {
        releases.close();
        link.close();
    }

    private CompletionStage<NodeReply> once(Script script, String resource, List<String> args) {
        Link.State now = link.state();
        Session session = now.session();
        if (session == null || session.isChoked()) {
            return CompletableFuture.completedStage(new NodeReply.Unavailable(now.whyNot()));
        }
        return session.evalSha(script, names(resource), args).handle((reply, failure) -> {
            if (failure != null && Reasons.isNoScript(failure)) {
                link.reload(session);
            }
            return Replies.of(reply, failure);
        });
    }

    private CompletionStage<List<Object>> repeatable(Script script, List<String> names, List<String> args) {
        Link.State now = link.state();
        Session session = now.session();
        if (session == null || session.isChoked()) {
            return CompletableFuture.failedStage(new SessionEndedException(now.whyNot()));
        }
        return session.evalSha(script, names, args).exceptionallyCompose(failure -> {
            if (!Reasons.isNoScript(failure)) {
                return CompletableFuture.failedStage(failure);
            }
            link.reload(session);
            return session.eval(script, names, args);
        });
    }

    private List<String> names(String resource) {
        return List.of(keys.lock(resource), keys.counter(resource), keys.view());
    }
}
