package dev.fencepost.redis.internal;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.NodeRequest.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/**
 * A node on Redis: turns verbs into scripts and replies into values.
 *
 * <p>A request that meets a process without scripts is not repeated, and the node is looked at: the process may have restarted, and would then be taught scripts that it must not know.
 */
final class RedisNode implements LockNode {
    private static final NodeReply OTHER_EPOCH = new NodeReply.Unavailable(
            "its cluster was formatted anew, or its set of nodes was changed, since the request was begun");

    private final String name;
    private final Keys keys;
    private final Link link;
    private final Releases releases;
    private final Membership membership;

    RedisNode(String name, Keys keys, Link link, Releases releases, Membership membership) {
        this.name = name;
        this.keys = keys;
        this.link = link;
        this.releases = releases;
        this.membership = membership;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        return inView(
                Script.GRANT,
                request,
                List.of(
                        Long.toString(ttlMillis),
                        Long.toString(request.view().number()),
                        Long.toString(floor),
                        Integer.toString(request.tokens())));
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        return inView(
                Script.RAISE,
                request,
                List.of(Long.toString(token), Long.toString(request.view().number())));
    }

    @Override
    public CompletionStage<List<NodeReply>> extend(List<HeldLock> locks, View view, long ttlMillis) {
        Footing now = link.footing();
        Session session = now.usable();
        Footing.Life life = now.life();
        if (session == null || life == null) {
            return CompletableFuture.completedStage(Collections.nCopies(locks.size(), unavailable(now)));
        }
        if (!view.epoch().equals(life.epoch())) {
            return CompletableFuture.completedStage(Collections.nCopies(locks.size(), OTHER_EPOCH));
        }
        List<String> names = new ArrayList<>(1 + 2 * locks.size());
        List<String> args = new ArrayList<>(2 + 2 * locks.size());
        names.add(keys.marker());
        args.add(Long.toString(ttlMillis));
        args.add(Long.toString(view.number()));
        for (HeldLock lock : locks) {
            names.add(keys.lock(lock.resource()));
            names.add(keys.counter(lock.resource()));
            args.add(lock.owner() + life.tag());
            args.add(Long.toString(lock.token()));
        }
        return session.evalSha(life.script(Script.EXTEND), names, args).handle((reply, failure) -> {
            List<NodeReply> replies = Replies.ofEach(locks.size(), reply, failure);
            link.judge(life, replies.get(0), failure);
            return replies;
        });
    }

    @Override
    public CompletionStage<NodeReply> restore(HeldLock lock, View view, long ttlMillis) {
        return inView(
                Script.RESTORE,
                new NodeRequest(lock.resource(), lock.owner(), view),
                List.of(Long.toString(lock.token()), Long.toString(ttlMillis), Long.toString(view.number())));
    }

    @Override
    public CompletionStage<NodeReply> release(HeldLock lock, boolean announce) {
        Footing now = link.footing();
        Session session = now.usable();
        Footing.Life life = now.life();
        if (session == null || life == null) {
            return CompletableFuture.completedStage(unavailable(now));
        }
        String channel = announce ? keys.channel(lock.resource()) : "";
        List<String> args = List.of(lock.owner() + life.tag(), Long.toString(lock.token()), channel);
        return session.evalSha(life.script(Script.RELEASE), names(lock.resource()), args)
                .handle((reply, failure) -> link.judge(life, Replies.of(reply, failure), failure));
    }

    @Override
    public HandOver handOver(HeldLock before, NodeRequest request, long ttlMillis, long floor) {
        Footing.Life life = link.footing().life();
        if (life == null || !request.view().epoch().equals(life.epoch())) {
            return LockNode.super.handOver(before, request, ttlMillis, floor);
        }
        CompletionStage<NodeReply> both = inView(
                Script.HAND_OVER,
                request,
                List.of(
                        Long.toString(ttlMillis),
                        Long.toString(request.view().number()),
                        Long.toString(floor),
                        Integer.toString(request.tokens()),
                        before.owner() + life.tag(),
                        Long.toString(before.token())));
        return HandOver.inOneStep(both);
    }

    @Override
    public Watch watch(String resource, LongConsumer onRelease) {
        return releases.watch(keys.channel(resource), onRelease);
    }

    @Override
    public Membership membership() {
        return membership;
    }

    @Override
    public void close() {
        releases.close();
        link.close();
    }

    private CompletionStage<NodeReply> inView(Script script, NodeRequest request, List<String> more) {
        Footing now = link.footing();
        Session session = now.usable();
        Footing.Life life = now.life();
        if (session == null || life == null) {
            return CompletableFuture.completedStage(unavailable(now));
        }
        if (!request.view().epoch().equals(life.epoch())) {
            return CompletableFuture.completedStage(OTHER_EPOCH);
        }
        List<String> args = new ArrayList<>(1 + more.size());
        args.add(request.owner() + life.tag());
        args.addAll(more);
        return session.evalSha(life.script(script), names(request.resource()), args)
                .handle((reply, failure) -> link.judge(life, Replies.of(reply, failure), failure));
    }

    private static NodeReply unavailable(Footing now) {
        return new NodeReply.Unavailable(now.whyNot());
    }

    private List<String> names(String resource) {
        return List.of(keys.marker(), keys.lock(resource), keys.counter(resource));
    }
}
