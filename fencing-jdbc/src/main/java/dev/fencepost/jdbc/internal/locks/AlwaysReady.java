package dev.fencepost.jdbc.internal.locks;

import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The membership of a node that makes a cluster alone and does not forget: there is nobody that it could catch up from, and nothing that it has to catch up with. A restart of the database keeps all that was
 * granted, and a server that takes the place of another is seen, and dealt with, by {@code fencepost.lock_join}. So the marker is this client's own affair, and is kept here.
 *
 * <p>The monitor guards the fields; nobody is told anything under it.
 */
final class AlwaysReady implements LockNode.Membership {
    private static final String PROCESS = "postgresql";

    private final CompletableFuture<Void> inUse = new CompletableFuture<>();
    private NodeReply.@Nullable Marker marker;
    private boolean admitted;
    private String held = "the client has only begun";

    /** Why requests are not let through; empty if they are. */
    synchronized String held() {
        return held;
    }

    @Override
    public void onAttention(Runnable look) {
        look.run();
    }

    @Override
    public synchronized CompletionStage<NodeReply> look() {
        NodeReply.Marker now = marker;
        return CompletableFuture.completedStage(new NodeReply.Seen(
                now == null ? "" : now.text(),
                Optional.ofNullable(now),
                PROCESS,
                System.currentTimeMillis(),
                new NodeReply.Condition("", true, Map.of())));
    }

    @Override
    public synchronized CompletionStage<NodeReply> exchange(String expected, NodeReply.Marker next) {
        NodeReply.Marker now = marker;
        if (!expected.equals(now == null ? "" : now.text())
                || !next.identity().process().equals(PROCESS)) {
            return CompletableFuture.completedStage(NodeReply.Forgotten.INSTANCE);
        }
        marker = next;
        admitted = false;
        held = "it has begun another life and is not in use yet";
        return CompletableFuture.completedStage(NodeReply.Done.INSTANCE);
    }

    @Override
    public synchronized CompletionStage<NodeReply> advance(long view, long longestMillis) {
        return CompletableFuture.completedStage(
                new NodeReply.Unavailable("a database is a cluster of one node, and nobody catches up from it"));
    }

    @Override
    public synchronized CompletionStage<NodeReply> admit(NodeReply.Marker seen) {
        admitted = seen.equals(marker);
        return CompletableFuture.completedStage(admitted ? NodeReply.Done.INSTANCE : NodeReply.Forgotten.INSTANCE);
    }

    /** Completed once requests are let through for the first time. */
    CompletableFuture<Void> inUse() {
        return inUse;
    }

    @Override
    public void use() {
        synchronized (this) {
            if (!admitted) {
                return;
            }
            held = "";
        }
        inUse.complete(null);
    }

    @Override
    public synchronized void hold(String why) {
        admitted = false;
        held = why;
    }
}
