package dev.fencepost.bench;

import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The membership of a node that keeps its marker in memory, takes whatever marker it is given, and never forgets. */
final class InstantMembership implements LockNode.Membership {
    private NodeReply.@Nullable Marker marker;

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
                "instant",
                System.currentTimeMillis(),
                new NodeReply.Condition("", true, Map.of())));
    }

    @Override
    public synchronized CompletionStage<NodeReply> exchange(String expected, NodeReply.Marker next) {
        marker = next;
        return CompletableFuture.completedStage(NodeReply.Done.INSTANCE);
    }

    @Override
    public CompletionStage<NodeReply> advance(long view, long longestMillis) {
        return CompletableFuture.completedStage(new NodeReply.Unavailable("nobody catches up from this node"));
    }

    @Override
    public CompletionStage<NodeReply> admit(NodeReply.Marker seen) {
        return CompletableFuture.completedStage(NodeReply.Done.INSTANCE);
    }

    @Override
    public void use() {}

    @Override
    public void hold(String why) {}
}
