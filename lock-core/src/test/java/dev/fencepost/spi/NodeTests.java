package dev.fencepost.spi;

import dev.fencepost.spi.NodeRequest.View;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of a node need: a new one for each, and short words for its verbs. */
abstract class NodeTests {
    static final String R = "invoice/42";
    static final long TTL = 30_000;
    static final long LAST = 9_007_199_254_740_991L;
    static final long PATIENCE_SECONDS = 20;

    /** The node of the test that runs. */
    LockNode node;

    /** The epoch of the cluster that the node makes alone. */
    private String epoch = "";

    /** A node that nobody has used yet. */
    protected abstract LockNode open();

    /** Lets so much time pass for a lock, if it is held. */
    protected abstract void pass(String resource, Duration time);

    /** Frees what is left after the node was closed. */
    protected void afterClose() {}

    @BeforeEach
    public final void openNode() {
        node = open();
        epoch = Formed.of(node);
    }

    @AfterEach
    public final void closeNode() {
        node.close();
        afterClose();
    }

    final NodeReply grant(String resource, String owner) {
        return await(node.grant(request(resource, owner), TTL, 0));
    }

    final NodeReply extend(String resource, String owner, long token, long ttlMillis) {
        return await(node.extend(List.of(new HeldLock(resource, owner, token)), view(0), ttlMillis))
                .get(0);
    }

    final NodeReply restore(String resource, String owner, long token) {
        return await(node.restore(new HeldLock(resource, owner, token), view(0), TTL));
    }

    final NodeReply release(String resource, String owner, long token) {
        return await(node.release(new HeldLock(resource, owner, token), false));
    }

    /** How long the lock lives, in milliseconds, as others are told. */
    final long remaining(String resource) {
        return ((NodeReply.Held) grant(resource, "somebody else")).remainingMillis();
    }

    static long tokenOf(NodeReply reply) {
        return ((NodeReply.Granted) reply).token();
    }

    static NodeReply granted(long token) {
        return new NodeReply.Granted(token);
    }

    final NodeRequest request(String resource, String owner) {
        return inView(0, resource, owner);
    }

    /** For so many tokens in a row. */
    final NodeRequest several(int tokens, String resource, String owner) {
        return new NodeRequest(resource, owner, view(0), tokens);
    }

    final NodeReply grantSeveral(int tokens, String owner, long floor) {
        return await(node.grant(several(tokens, R, owner), TTL, floor));
    }

    final NodeRequest inView(long number, String resource, String owner) {
        return new NodeRequest(resource, owner, view(number));
    }

    final View view(long number) {
        return new View(epoch, number);
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
