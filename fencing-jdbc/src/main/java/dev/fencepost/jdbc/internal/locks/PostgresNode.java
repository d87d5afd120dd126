package dev.fencepost.jdbc.internal.locks;

import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** A node on PostgreSQL: each verb is one function of the database, one transaction and one round trip, and none is ever repeated. */
public final class PostgresNode implements LockNode {
    /** What it is called in messages. */
    public static final String NAME = "postgresql";

    private final Lanes lanes;
    private final AlwaysReady membership = new AlwaysReady();

    /**
     * Makes a node that is not connected.
     *
     * @param connections how many connections its requests share
     */
    public PostgresNode(Joining joining, int connections, EventSink events) {
        this.lanes = new Lanes(NAME, joining, connections, events);
    }

    /**
     * Opens the connections, and waits until all are in use.
     *
     * @throws dev.fencepost.jdbc.FenceSchemaException if the schema or the role's rights have to be changed first
     * @throws dev.fencepost.QuorumUnavailableException if they are not within the time
     */
    public void connect(Duration timeout) {
        lanes.connect(timeout);
    }

    /** Waits until the client above lets requests through, which it does within moments and without asking anybody. */
    public void awaitUse(Duration timeout) {
        membership.inUse().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public CompletionStage<NodeReply> grant(NodeRequest request, long ttlMillis, long floor) {
        return one(request.resource(), session -> session.grant(request, ttlMillis, floor));
    }

    @Override
    public CompletionStage<NodeReply> raise(NodeRequest request, long token) {
        return one(request.resource(), session -> session.raise(request, token));
    }

    @Override
    public CompletionStage<List<NodeReply>> extend(List<HeldLock> locks, NodeRequest.View view, long ttlMillis) {
        // Each lock over the connection that its grant went over, and its release will.
        Map<Integer, List<Integer>> places = new HashMap<>();
        for (int i = 0; i < locks.size(); i++) {
            places.computeIfAbsent(lanes.place(locks.get(i).resource()), place -> new ArrayList<>())
                    .add(i);
        }
        NodeReply[] replies = new NodeReply[locks.size()];
        List<CompletableFuture<Void>> parts = new ArrayList<>();
        places.forEach((place, indexes) ->
                parts.add(extendPart(place, indexes.stream().map(locks::get).toList(), ttlMillis)
                        .thenAccept(answered -> {
                            for (int i = 0; i < indexes.size(); i++) {
                                replies[indexes.get(i)] = answered.get(i);
                            }
                        })));
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).thenApply(all -> List.of(replies));
    }

    private CompletableFuture<List<NodeReply>> extendPart(int place, List<HeldLock> locks, long ttlMillis) {
        return submit(
                lanes.at(place),
                new Call<>(
                        session -> session.extend(locks, ttlMillis),
                        reason -> Collections.nCopies(locks.size(), new NodeReply.Unavailable(reason))));
    }

    @Override
    public CompletionStage<NodeReply> restore(HeldLock lock, NodeRequest.View view, long ttlMillis) {
        return one(lock.resource(), session -> session.restore(lock, ttlMillis));
    }

    @Override
    public CompletionStage<NodeReply> release(HeldLock lock, boolean announce) {
        int channel = announce ? Watchers.channel(lock.resource()) : -1;
        CompletionStage<NodeReply> reply = one(lock.resource(), session -> session.release(lock, channel));
        if (!announce) {
            return reply;
        }
        return reply.thenApply(answer -> {
            if (answer instanceof NodeReply.Released released && lanes.announce(lock.resource(), lock.token())) {
                return new NodeReply.Released(released.watchers() + 1);
            }
            return answer;
        });
    }

    @Override
    public Watch watch(String resource, LongConsumer onRelease) {
        return lanes.watch(resource, onRelease);
    }

    @Override
    public Membership membership() {
        return membership;
    }

    @Override
    public void close() {
        lanes.close();
    }

    private CompletableFuture<NodeReply> one(String resource, Call.Work<NodeReply> work) {
        return submit(lanes.of(resource), new Call<>(work, NodeReply.Unavailable::new));
    }

    private <T> CompletableFuture<T> submit(Lane lane, Call<T> call) {
        String held = membership.held();
        if (!held.isEmpty()) {
            call.refuse(held);
            return call.reply();
        }
        return lane.submit(call);
    }
}
