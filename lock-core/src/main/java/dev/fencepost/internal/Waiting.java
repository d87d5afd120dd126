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
     * <p>If the thread is interrupted, its flag is set again. A result that comes before the future can be cancelled is handed out all the same: a lock that was won and
     * dropped here would be nobody's until it expires.
     *
     * @throws AcquireInterruptedException if the thread is interrupted; what was waited for is then cancelled
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
        } catch (CancellationException e) {
            throw new IllegalStateException("gave up to " + what, e);
        } catch (ExecutionException e) {
            throw unwrapped(e, what);
        }
    }

    private static <T> T resultOf(CompletableFuture<T> done, String what) {
        try {
            return done.join();
        } catch (CompletionException e) {
            throw unwrapped(e, what);
        }
    }

    private static RuntimeException unwrapped(Exception wrapper, String what) {
        Throwable cause = wrapper.getCause();
        return cause instanceof RuntimeException failure
                ? failure
                : new IllegalStateException("failed to " + what, cause);
    }
}
