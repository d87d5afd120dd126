package dev.fencepost.internal;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.NodeRequest.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * A node that keeps what it is asked, and answers when and what the test says: by hand in any order, or at once by a rule. It decides nothing. Safe for use by many
 * threads.
 */
final class ScriptedNode implements LockNode {
    /** What a node can be asked. */
    enum Verb {
        GRANT,
        RAISE,
        EXTEND,
        RESTORE,
        RELEASE
    }

    /**
     * One request.
     *
     * @param ttlMillis the time to live; 0 for a verb that has none
     * @param token the token or the floor
     * @param reply what the algorithm waits for
     */
    record Call(Verb verb, NodeRequest request, long ttlMillis, long token, CompletableFuture<NodeReply> reply) {}

    /** How long to wait for a call that another thread is about to make, before the test has failed. */
    private static final long PATIENCE_SECONDS = 20;

    private final String name;
    private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
    private final BlockingQueue<Call> unanswered = new LinkedBlockingQueue<>();
    private final Map<Verb, Function<Call, NodeReply>> rules = new ConcurrentHashMap<>();
    private final List<Long> announced = new CopyOnWriteArrayList<>();
    private final List<Long> handedOver = new CopyOnWriteArrayList<>();
    private final List<LongConsumer> watchers = new CopyOnWriteArrayList<>();
    private volatile IntConsumer onExtend = locks -> {};
    private final ScriptedMembership membership = new ScriptedMembership();
    private volatile boolean closed;

    ScriptedNode(String name) {
        this.name = name;
    }

    /** The node as a member; says nothing of itself unless the test does. */
    ScriptedMembership member() {
        return membership;
    }

    /** From now on calls of this verb are answered before they return. */
    ScriptedNode answering(Verb verb, NodeReply reply) {
        return answering(verb, call -> reply);
    }

    /** From now on calls of this verb are answered by the rule before they return. */
    ScriptedNode answering(Verb verb, Function<Call, NodeReply> rule) {
        rules.put(verb, rule);
        return this;
    }

    /** From now on calls of this verb wait for {@link #next}. */
    ScriptedNode silentOn(Verb verb) {
        rules.remove(verb);
        return this;
    }

    /** Takes the oldest call without an answer, and waits for it where another thread is to make it. */
    Call next(Verb verb) {
        try {
            Call call = unanswered.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (call == null || call.verb() != verb) {
                throw new AssertionError(name + " should have been asked for " + verb + ", but was for " + call);
            }
            return call;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Answers the oldest call without an answer. */
    void answer(Verb verb, NodeReply reply) {
        next(verb).reply().complete(reply);
    }

    /** Everything that was asked, in order. */
    List<Verb> asked() {
        return snapshot().stream().map(Call::verb).toList();
    }

    /** The calls of this verb, in order. */
    List<Call> calls(Verb verb) {
        Predicate<Call> ofVerb = call -> call.verb() == verb;
        return snapshot().stream().filter(ofVerb).toList();
    }

    /** The tokens of the releases that it was to announce, in order. */
    List<Long> announced() {
        return List.copyOf(announced);
    }

    private List<Call> snapshot() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    /** From now on told of each extension, for how many locks it is. */
    void onExtend(IntConsumer told) {
        onExtend = told;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        return take(new Call(Verb.GRANT, request, ttlMillis, floor, new CompletableFuture<>()));
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        return take(new Call(Verb.RAISE, request, 0, token, new CompletableFuture<>()));
    }

    @Override
    public CompletionStage<List<NodeReply>> extend(List<HeldLock> locks, View view, long ttlMillis) {
        onExtend.accept(locks.size());
        List<CompletableFuture<NodeReply>> replies = locks.stream()
                .map(lock -> take(new Call(
                                Verb.EXTEND, request(lock), ttlMillis, lock.token(), new CompletableFuture<>()))
                        .toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                .thenApply(all -> replies.stream().map(CompletableFuture::join).toList());
    }

    @Override
    public CompletionStage<NodeReply> restore(HeldLock lock, View view, long ttlMillis) {
        return take(new Call(Verb.RESTORE, request(lock), ttlMillis, lock.token(), new CompletableFuture<>()));
    }

    @Override
    public CompletionStage<NodeReply> release(HeldLock lock, boolean announce) {
        if (announce) {
            announced.add(lock.token());
        }
        return take(new Call(Verb.RELEASE, request(lock), 0, lock.token(), new CompletableFuture<>()));
    }

    @Override
    public HandOver handOver(HeldLock before, NodeRequest request, long ttlMillis, long floor) {
        handedOver.add(before.token());
        return LockNode.super.handOver(before, request, ttlMillis, floor);
    }

    /** The tokens of the releases that came in one step with a grant, in order. */
    List<Long> handedOver() {
        return List.copyOf(handedOver);
    }

    @Override
    public Watch watch(String resource, LongConsumer onRelease) {
        watchers.add(onRelease);
        return () -> watchers.remove(onRelease);
    }

    /** Tells whoever watches that a lease was released. */
    void announce(long token) {
        watchers.forEach(watcher -> watcher.accept(token));
    }

    private static NodeRequest request(HeldLock lock) {
        return new NodeRequest(lock.resource(), lock.owner(), View.NONE);
    }

    @Override
    public Membership membership() {
        return membership;
    }

    @Override
    public void close() {
        closed = true;
    }

    private CompletionStage<NodeReply> take(Call call) {
        calls.add(call);
        Function<Call, NodeReply> rule = rules.get(call.verb());
        if (rule == null) {
            unanswered.add(call);
        } else {
            call.reply().complete(rule.apply(call));
        }
        return call.reply();
    }
}
