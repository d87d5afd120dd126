package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.internal.ScriptedNode.Verb;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.QuorumLocks;
import dev.fencepost.spi.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Nodes that answer as the test says, on a clock that the test moves. Releases are answered at once unless the test says otherwise. */
final class ScriptedQuorum {
    static final Duration LEASE = Duration.ofSeconds(1);
    static final Duration NODE_TIMEOUT = Duration.ofMillis(995);
    static final Duration RETRY_DELAY = Duration.ofMillis(10);

    /** What is left of the lease when nothing has passed of it. */
    static final Duration USABLE = Duration.ofMillis(988);

    static final LockSettings SETTINGS = new LockSettings(
            new LockSettings.Leases(LEASE, Duration.ofSeconds(60), 0.01, Optional.empty()),
            new LockSettings.Retry(RETRY_DELAY, Duration.ofMillis(200), 0.5),
            NODE_TIMEOUT);

    final ManualTime time = new ManualTime();
    final List<ScriptedNode> nodes;

    ScriptedQuorum(int size) {
        this.nodes = IntStream.range(0, size)
                .mapToObj(i -> new ScriptedNode("node-" + i)
                        .answering(Verb.RELEASE, new NodeReply.Released(0))
                        .answering(Verb.RESTORE, NodeReply.NotHeld.INSTANCE))
                .toList();
    }

    Quorum quorum() {
        return quorumOn(time);
    }

    /** The same for a client that is given these of the nodes. */
    Quorum quorum(QuorumLocks.Nodes given) {
        return new Quorum(given, SETTINGS, environment(time), EventSink.NONE);
    }

    /** The same for a client that asks a quorum first. */
    Quorum thriftyQuorum() {
        return new Quorum(QuorumLocks.Nodes.of(nodes), SETTINGS.thriftily(), environment(time), EventSink.NONE);
    }

    /** The same with another scheduler on the same clock. */
    Quorum quorumOn(Scheduler scheduler) {
        return new Quorum(QuorumLocks.Nodes.of(nodes), SETTINGS, environment(scheduler), EventSink.NONE);
    }

    QuorumClient client(Runnable afterClose) {
        return new QuorumClient(QuorumLocks.Nodes.of(nodes), SETTINGS, environment(time), EventSink.NONE, afterClose);
    }

    ScriptedNode node(int i) {
        return nodes.get(i);
    }

    void allAnswering(Verb verb, NodeReply reply) {
        nodes.forEach(node -> node.answering(verb, reply));
    }

    /** Every node answers the oldest grant that it was asked for. */
    void grantAll(long token) {
        nodes.forEach(node -> node.answer(Verb.GRANT, new NodeReply.Granted(token)));
    }

    /** Every node refuses the oldest grant that it was asked for. */
    void refuseAll(long heldMillis) {
        nodes.forEach(node -> node.answer(Verb.GRANT, new NodeReply.Held(heldMillis)));
    }

    /** Begins to try to acquire, as a client does. */
    static CompletableFuture<Outcome> acquire(WaitingRoom room, Quorum quorum, Demand demand) {
        Function<Outcome.Won, HeldLease> hold = won -> {
            HeldLease lease = HeldLease.of(quorum, room, won);
            room.hold(lease);
            return lease;
        };
        Acquisition acquisition = new Acquisition(room, quorum, hold, demand);
        acquisition.start();
        return acquisition.result();
    }

    /** What an acquisition has come to, which has to be a lease. */
    static HeldLease lease(CompletableFuture<Outcome> end) {
        assertThat(end).isCompletedWithValueMatching(Outcome.Acquired.class::isInstance);
        return ((Outcome.Acquired) end.join()).lease();
    }

    /** All nodes are members of one cluster, ready in this view. */
    void allReadyIn(long view) {
        allReadyIn(view, nodes.size());
    }

    /** The first so many of the nodes are. */
    void allReadyIn(long view, int members) {
        List<String> names =
                nodes.stream().limit(members).map(ScriptedNode::name).toList();
        for (ScriptedNode node : nodes.subList(0, members)) {
            node.member()
                    .being(
                            "process of " + node.name(),
                            Optional.of(new Marker(
                                    true,
                                    "life of " + node.name(),
                                    new Marker.Numbers(view, 100L * (1 + nodes.indexOf(node)), 0, 0),
                                    new Marker.Terms(60_000, 0, false),
                                    new Marker.Identity(
                                            "memory", "epoch", "process of " + node.name(), node.name(), names))));
        }
    }

    /** What every node was asked, in order. */
    List<List<Verb>> asked() {
        return nodes.stream().map(ScriptedNode::asked).toList();
    }

    private Environment environment(Scheduler scheduler) {
        return new Environment(time::nanoTime, scheduler, Runnable::run, new Random(1), new Random(2));
    }
}
