package dev.fencepost.internal;

import dev.fencepost.AcquireInterruptedException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Where threads of the caller's wait. */
public final class Waiting {
    private Waiting() {}

    /**
     * Waits for a result and unwraps its failure.
     *
     * @throws AcquireInterruptedException if the thread is interrupted, whose flag is set again; what was waited for is then cancelled
     */
    public static <T> T await(CompletionStage<T> stage, String what) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new AcquireInterruptedException(what, e);
        } catch (CancellationException e) {
            throw new IllegalStateException("gave up to " + what, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("failed to " + what, e.getCause());
        }
    }
}
