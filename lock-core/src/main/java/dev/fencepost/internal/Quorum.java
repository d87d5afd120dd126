package dev.fencepost.internal;

import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.LockNode.Membership;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.NodeRequest.View;
import dev.fencepost.spi.QuorumLocks;
import dev.fencepost.spi.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a client in an order that is the same for all clients, which of them make the cluster, and what is the same for every request to them. Safe for use by many threads.
 */
final class Quorum {
    private static final int NONCE_BYTES = 16;

    private final List<LockNode> nodes;
    private final LockSettings settings;
    private final Environment environment;
    private final EventSink events;
    /** What the client was told which nodes make the cluster, if it has to be just those; otherwise the nodes say. */
    private final Optional<List<String>> fixed;
    /** In the newest view that is known to be established. That only grows within an epoch. */
    private volatile Roster roster;
    /** The largest of the floors of the nodes that are used. Only grows. */
    private volatile long floor;

    private final Admission admission = new Admission();
    private final Drain underWay = new Drain();
    private final Laggards laggards;
    private final List<LateReleases> late;
    private final Joining joining;
    private final HandOvers handOvers = new HandOvers(this);

    Quorum(QuorumLocks.Nodes nodes, LockSettings settings, Environment environment, EventSink events) {
        this.nodes = Stream.concat(nodes.members().stream(), nodes.others().stream())
                .sorted(Comparator.comparing(LockNode::name))
                .toList();
        List<String> told =
                nodes.members().stream().map(LockNode::name).sorted().toList();
        this.fixed = nodes.others().isEmpty() ? Optional.of(told) : Optional.empty();
        this.roster = Roster.of(View.NONE, told, names());
        this.settings = settings;
        this.environment = environment;
        this.events = events;
        this.late = IntStream.range(0, size())
                .mapToObj(node -> new LateReleases(this, node))
                .toList();
        this.laggards = new Laggards(size(), settings.thrifty());
        this.joining = new Joining(this);
    }

    int size() {
        return nodes.size();
    }

    String name(int node) {
        return nodes.get(node).name();
    }

    LockSettings settings() {
        return settings;
    }

    Environment environment() {
        return environment;
    }

    EventSink events() {
        return events;
    }

    RandomGenerator jitter() {
        return environment.jitter();
    }

    long nanoTime() {
        return environment.nanoTime().getAsLong();
    }

    Scheduler.Task schedule(Duration delay, Runnable work) {
        return environment.scheduler().schedule(delay, work);
    }

    /** When a lease must be considered over that was asked for at this time. */
    long deadline(long sentNanos, long ttlMillis) {
        return LeaseTime.deadline(sentNanos, ttlMillis, settings.leases().drift());
    }

    /** A request for so many tokens under a fresh owner. */
    NodeRequest newRequest(String resource, View view, int tokens) {
        return new NodeRequest(resource, newNonce(), view, tokens);
    }

    /** Something that nobody can guess and that never comes again. */
    String newNonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        environment.nonces().nextBytes(nonce);
        return HexFormat.of().formatHex(nonce);
    }

    /** Who makes the cluster, in the newest view that is known to be established. */
    Roster roster() {
        return roster;
    }

    /** The newest view that is known to be established; {@link View#NONE} if none is. */
    View view() {
        return roster.view();
    }

    /** Whether the client can make do with these members: it knows how to reach them all, and was not told that it has to be others. */
    boolean allows(List<String> members) {
        return fixed.map(members::equals).orElseGet(() -> names().containsAll(members));
    }

    /** A view is established. One of another epoch replaces what was known, unless it is an earlier one: a quorum is in it now, so nothing is left of the other. */
    synchronized void learn(Established established) {
        roster = roster.after(established, names());
    }

    /**
     * A node is about to be used whose counters start from this. All nodes are asked to pass it from now on: otherwise the counters of one that was brought back would be ahead of the others', and its
     * grants too large to count.
     */
    synchronized void startFrom(long floorOfANode) {
        floor = Math.max(floor, floorOfANode);
    }

    /** Lets the nodes be looked at, and brought back, whenever that is needed. */
    void join() {
        joining.start();
    }

    /** Finds out what has become of the nodes. */
    Joining joining() {
        return joining;
    }

    /** What the nodes are called, in order. */
    List<String> names() {
        return nodes.stream().map(LockNode::name).toList();
    }

    /** The node as a member of the cluster. */
    Membership membership(int node) {
        return nodes.get(node).membership();
    }

    CompletionStage<NodeReply> grant(int node, NodeRequest request, long ttlMillis, long above) {
        long passed = Math.max(above, floor);
        Optional<HeldLock> before = handOvers.take(node, request.resource());
        if (before.isEmpty()) {
            return Promised.one(() -> nodes.get(node).grant(request, ttlMillis, passed));
        }
        underWay.begin();
        LockNode.HandOver both =
                Promised.both(() -> nodes.get(node).handOver(before.get(), request, ttlMillis, passed));
        released(node, before.get(), false, both.released(), watchers -> {});
        return both.granted();
    }

    CompletionStage<NodeReply> raise(int node, NodeRequest request, long token) {
        return Promised.one(() -> nodes.get(node).raise(request, token));
    }

    CompletionStage<List<NodeReply>> extend(int node, List<HeldLock> locks, View in, long ttlMillis) {
        return Promised.each(locks.size(), () -> nodes.get(node).extend(locks, in, ttlMillis));
    }

    CompletionStage<NodeReply> restore(int node, HeldLock lock, View in, long ttlMillis) {
        return Promised.one(() -> nodes.get(node).restore(lock, in, ttlMillis));
    }

    LockNode.Watch watch(int node, String resource, LongConsumer onRelease) {
        return nodes.get(node).watch(resource, onRelease);
    }

    /** Releases what came to nothing on every node that may hold something of it. If these are a quorum, others may have taken it for held, and are told that it is not. */
    void discard(HeldLock lock, IntPredicate mayHold) {
        long holders = IntStream.range(0, nodes.size()).filter(mayHold).count();
        release(lock, holders >= roster.quorum(), mayHold, watchers -> {});
    }

    /** Sends a release to every node that may hold something of a lock; nobody has to wait for it. The consumer is told for each node how many watch the resource there. */
    void release(HeldLock lock, boolean announce, IntPredicate mayHold, LongConsumer onWatchers) {
        for (int i = 0; i < nodes.size(); i++) {
            if (mayHold.test(i)) {
                release(i, lock, announce, onWatchers);
            }
        }
    }

    private void release(int node, HeldLock lock, boolean announce, LongConsumer onWatchers) {
        underWay.begin();
        released(node, lock, announce, releaseAgain(node, lock, announce), onWatchers);
    }

    private void released(
            int node, HeldLock lock, boolean announce, CompletionStage<NodeReply> release, LongConsumer onWatchers) {
        release.thenAccept(reply -> {
            underWay.end();
            if (LateReleases.isOpen(reply)) {
                late.get(node).add(lock, announce);
            } else if (announce && reply instanceof NodeReply.Released released) {
                onWatchers.accept(released.watchers());
            }
        });
    }

    /** Sends a release that a node could not be given before. */
    CompletionStage<NodeReply> releaseAgain(int node, HeldLock lock, boolean announce) {
        return Promised.one(() -> nodes.get(node).release(lock, announce));
    }

    /** Releases that attempts take along. */
    HandOvers handOvers() {
        return handOvers;
    }

    /** Whom attempts ask first. */
    Laggards laggards() {
        return laggards;
    }

    /** Where attempts wait for each other. */
    Admission admission() {
        return admission;
    }

    /** Begins an attempt, unless the client is being closed: a grant that goes out after that could be followed by no release. */
    boolean beginAttempt() {
        return underWay.tryBegin();
    }

    /** An attempt is decided, and what follows from that is under way or done: there is room for another. */
    void endAttempt() {
        underWay.end();
        admission.leave();
    }

    /** What has to come to its end before the client is closed, and does not begin any more then. */
    Drain underWay() {
        return underWay;
    }

    /** Allows no further attempt, and no lease to be handed on. */
    void stopAttempts() {
        underWay.refuse();
    }

    /** Completes when every attempt is decided and every node has answered every release, or after the node timeout. */
    CompletableFuture<Void> released() {
        CompletableFuture<Void> all = underWay.whenEmpty();
        schedule(settings.nodeTimeout(), () -> all.complete(null));
        return all;
    }

    /** What to tell people about the nodes that did not take part. */
    Map<String, String> named(@Nullable String[] reasons) {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            String reason = reasons[i];
            if (reason != null) {
                named.put(nodes.get(i).name(), reason);
            }
        }
        return named;
    }

    String noAnswer() {
        return "no answer within " + settings.nodeTimeout().toMillis() + " ms";
    }

    /** Gives up what nodes could not be given, and closes them. */
    void closeNodes() {
        late.forEach(LateReleases::close);
        joining.close();
        nodes.forEach(LockNode::close);
    }
}
