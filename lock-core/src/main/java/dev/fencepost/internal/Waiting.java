package dev.fencepost.internal;

import dev.fencepost.AcquireInterruptedException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Where threads of the caller's wait. */
public final class Waiting {
    private Waiting() {}

    /**
     * Waits for a result and unwraps its failure.
     *
     * <p>If the thread is interrupted and the result comes at the same moment, the result is returned with the flag of the thread set: nobody else would close a lease that it holds.
     *
     * @throws AcquireInterruptedException if the thread is interrupted, whose flag is set again; what was waited for is then cancelled
     */
    public static <T> T await(CompletionStage<T> stage, String what) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (future.cancel(false)) {
                throw new AcquireInterruptedException(what, e);
            }
            return resultOf(future, what);
        } catch (ExecutionException | CancellationException e) {
            return resultOf(future, what);
        }
    }

    private static <T> T resultOf(CompletableFuture<T> done, String what) {
        try {
            return done.join();
        } catch (CancellationException e) {
            throw new IllegalStateException("gave up to " + what, e);
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("failed to " + what, e.getCause());
        }
    }
}
