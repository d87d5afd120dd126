package dev.fencepost.redis.internal;

import dev.fencepost.spi.LockNode.Membership;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a node on Redis says of itself, and how that is changed. Each verb is one atomic step on one server process. */
final class RedisMembership implements Membership {
    private static final long MILLIS = 1_000;

    private final Keys keys;
    private final Link link;
    private final boolean asksForFsync;

    /**
     * Makes the membership of a node.
     *
     * @param asksForFsync whether to ask how durable the node writes, which not every user of a server may
     */
    RedisMembership(Keys keys, Link link, boolean asksForFsync) {
        this.keys = keys;
        this.link = link;
        this.asksForFsync = asksForFsync;
    }

    @Override
    public void onAttention(Runnable look) {
        link.onAttention(look);
    }

    @Override
    public CompletionStage<NodeReply> look() {
        Footing now = link.footing();
        Session session = now.session();
        if (session == null) {
            return CompletableFuture.completedStage(unavailable(now));
        }
        CompletionStage<String> fsync = asksForFsync ? session.fsync() : CompletableFuture.completedStage("");
        return session.eval(Script.LOOK, List.of(keys.marker()), List.of())
                .thenCombine(fsync, RedisMembership::seen)
                .handle((seen, failure) -> failure == null ? seen : new NodeReply.Unavailable(Reasons.of(failure)));
    }

    @Override
    public CompletionStage<NodeReply> exchange(String expected, Marker next) {
        Footing now = link.footing();
        Session session = now.session();
        if (session == null || session.isChoked()) {
            return CompletableFuture.completedStage(unavailable(now));
        }
        return session.eval(
                        Script.EXCHANGE,
                        List.of(keys.marker()),
                        List.of(
                                expected,
                                next.text(),
                                Info.runId(next.identity().process()),
                                Info.replication(next.identity().process())))
                .handle(Replies::of);
    }

    @Override
    public CompletionStage<NodeReply> advance(long view, long longestMillis) {
        Footing now = link.footing();
        Session session = now.session();
        Footing.Life life = now.life();
        if (session == null || life == null || session.isChoked()) {
            return CompletableFuture.completedStage(unavailable(now));
        }
        return session.evalSha(
                        life.script(Script.ADVANCE),
                        List.of(keys.marker()),
                        List.of(Long.toString(view), Long.toString(longestMillis)))
                .handle((reply, failure) -> link.judge(life, Replies.of(reply, failure), failure));
    }

    @Override
    public CompletionStage<NodeReply> admit(Marker marker) {
        return link.admit(marker, keys.marker());
    }

    @Override
    public void use() {
        link.use();
    }

    @Override
    public void hold(String why) {
        link.hold(why);
    }

    private static NodeReply seen(List<Object> reply, String fsync) {
        String text = String.valueOf(reply.get(0));
        long micros = Replies.number(String.valueOf(reply.get(2)));
        long nowMillis = Replies.number(String.valueOf(reply.get(1))) * MILLIS + micros / MILLIS;
        Info info = Info.of(String.valueOf(reply.get(3)));
        return new NodeReply.Seen(text, Marker.parse(text), info.process(), nowMillis, info.condition(fsync));
    }

    private static NodeReply unavailable(Footing now) {
        return new NodeReply.Unavailable(now.whyNot());
    }
}
