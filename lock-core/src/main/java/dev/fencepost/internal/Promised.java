package dev.fencepost.internal;

import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The port forbids to fail; should an adapter break that, its node does not take part, and the others are asked all the same. */
final class Promised {
    private Promised() {}

    static CompletionStage<NodeReply> one(Supplier<CompletionStage<NodeReply>> request) {
        return staged(request).exceptionally(Promised::failed);
    }

    /** Of so many at once. */
    static CompletionStage<List<NodeReply>> each(int count, Supplier<CompletionStage<List<NodeReply>>> request) {
        return staged(request).exceptionally(failure -> Collections.nCopies(count, failed(failure)));
    }

    static LockNode.HandOver both(Supplier<LockNode.HandOver> request) {
        LockNode.HandOver both;
        try {
            both = request.get();
        } catch (RuntimeException e) {
            CompletionStage<NodeReply> failed = CompletableFuture.completedStage(failed(e));
            return new LockNode.HandOver(failed, failed);
        }
        return new LockNode.HandOver(
                both.released().exceptionally(Promised::failed), both.granted().exceptionally(Promised::failed));
    }

    private static <T> CompletionStage<T> staged(Supplier<CompletionStage<T>> request) {
        try {
            return request.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static NodeReply failed(Throwable failure) {
        return new NodeReply.Unavailable("failed: " + failure);
    }
}
