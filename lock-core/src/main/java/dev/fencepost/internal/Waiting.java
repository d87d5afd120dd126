package dev.fencepost.internal;

import dev.fencepost.AcquireInterruptedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Where threads of the caller's wait. */
final class Waiting {
    private Waiting() {}

    /**
     * Waits for a result and unwraps its failure.
     *
     * @throws AcquireInterruptedException if the thread is interrupted, whose flag is set again; the future is then cancelled
     */
    static <T> T await(CompletableFuture<T> future, String what) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new AcquireInterruptedException(what, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("failed to " + what, cause);
        }
    }
}
