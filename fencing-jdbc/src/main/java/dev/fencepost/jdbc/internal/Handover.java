package dev.fencepost.jdbc.internal;

import dev.fencepost.AcquireInterruptedException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Passes on what a stage yields after something more was done to it. Whoever cancels the result cancels the stage, and nothing is left behind.
 *
 * @param <T> what is passed on
 */
record Handover<T>(CompletionStage<T> from) {
    CompletionStage<T> through(Executor executor, UnaryOperator<T> step, Consumer<T> giveUp) {
        CompletableFuture<T> result = new CompletableFuture<>();
        CompletionStage<T> end = result;
        end.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                from.toCompletableFuture().cancel(false);
            }
        });
        from.whenCompleteAsync(
                (value, failure) -> {
                    if (failure != null) {
                        result.completeExceptionally(plain(failure));
                    } else if (result.isDone()) {
                        giveUp.accept(value);
                    } else {
                        pass(value, step, giveUp, result);
                    }
                },
                executor);
        return result;
    }

    private static <T> void pass(T value, UnaryOperator<T> step, Consumer<T> giveUp, CompletableFuture<T> result) {
        try {
            T passed = step.apply(value);
            if (!result.complete(passed)) {
                giveUp.accept(passed);
            }
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    private static Throwable plain(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /** Waits for a stage on the thread of the caller. */
    static <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new AcquireInterruptedException("let the counters of a lock catch up with the store", e);
        } catch (CancellationException e) {
            throw new IllegalStateException("gave up to let the counters of a lock catch up with the store", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(
                    "failed to let the counters of a lock catch up with the store", e.getCause());
        }
    }
}
