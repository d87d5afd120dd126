package dev.fencepost.sim;

import dev.fencepost.spi.LockNode.Membership;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** How one client stands with one simulated node, as the Redis adapter has it: a connection to one process, and the life that the node was admitted in. */
final class SimulatedMembership implements Membership {
    private final SimulatedServer server;
    private final Line line;
    private String process;
    private Optional<Marker> admitted = Optional.empty();
    private boolean inUse;
    private String why = "it was not looked at yet";
    private Runnable attention = () -> {};

    /** What carries a request to the node and its reply back. */
    interface Line {
        CompletionStage<NodeReply> send(Supplier<NodeReply> effect);
    }

    SimulatedMembership(SimulatedServer server, Line line) {
        this.server = server;
        this.line = line;
        this.process = server.process();
    }

    /** A connection is there, to whatever process there is now. */
    void connected() {
        process = server.process();
        lost("it was not looked at yet");
        attention.run();
    }

    /** The connection is gone. */
    void lost(String reason) {
        admitted = Optional.empty();
        inUse = false;
        why = reason;
    }

    /** The life that requests go out in; empty if none may. */
    Optional<Marker> inUse() {
        return inUse ? admitted : Optional.empty();
    }

    NodeReply whyNot() {
        return new NodeReply.Unavailable(why);
    }

    /** What the node has answered to a request in this life; has it looked at if it is not what it was. */
    void answered(Marker in, NodeReply reply) {
        if (reply instanceof NodeReply.Forgotten
                && admitted.filter(now -> now.equals(in)).isPresent()) {
            hold("it has forgotten what it granted");
            attention.run();
        }
    }

    @Override
    public void onAttention(Runnable look) {
        attention = look;
    }

    @Override
    public CompletionStage<NodeReply> look() {
        return sent(server::look);
    }

    @Override
    public CompletionStage<NodeReply> exchange(String expected, Marker next) {
        return next.identity().process().equals(process)
                ? sent(() -> server.exchange(expected, next))
                : CompletableFuture.completedStage(NodeReply.Forgotten.INSTANCE);
    }

    @Override
    public CompletionStage<NodeReply> advance(long view, long longestMillis) {
        return admitted.map(in -> sent(() -> server.advance(in, view, longestMillis)))
                .orElseGet(() -> CompletableFuture.completedStage(whyNot()));
    }

    @Override
    public CompletionStage<NodeReply> admit(Marker marker) {
        if (!marker.identity().process().equals(process)) {
            return CompletableFuture.completedStage(NodeReply.Forgotten.INSTANCE);
        }
        if (admitted.filter(now -> now.life().equals(marker.life())).isPresent()) {
            return CompletableFuture.completedStage(NodeReply.Done.INSTANCE);
        }
        String to = process;
        return sent(() -> {
                    server.load(marker.life());
                    return NodeReply.Done.INSTANCE;
                })
                .thenApply(reply -> {
                    if (!(reply instanceof NodeReply.Done) || !to.equals(process)) {
                        return reply instanceof NodeReply.Done ? NodeReply.Forgotten.INSTANCE : reply;
                    }
                    if (admitted.filter(now -> now.life().equals(marker.life())).isPresent()) {
                        // The reply to an earlier request, which was given up.
                        return reply;
                    }
                    admitted = Optional.of(marker);
                    inUse = false;
                    why = "it is not known yet which view the nodes are in";
                    return reply;
                });
    }

    @Override
    public void use() {
        inUse = admitted.isPresent();
    }

    @Override
    public void hold(String reason) {
        lost(reason);
    }

    /** Reaches the process that the connection is to, or none. */
    private CompletionStage<NodeReply> sent(Supplier<NodeReply> effect) {
        String to = process;
        return line.send(() ->
                server.process().equals(to) ? effect.get() : new NodeReply.Unavailable("the connection was lost"));
    }
}
