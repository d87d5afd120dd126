package dev.fencepost.internal;

import dev.fencepost.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Attempts one after the other, with pauses, until one is won, the wait is over, or nobody wants it any more. The result is the outcome of the last
 * attempt. The monitor guards the fields below it and is never held while anything is sent or completed.
 */
final class Acquisition {
    private final Quorum quorum;
    private final String resource;
    private final Duration maxWait;
    private final long startNanos;
    private final Backoff backoff;
    private final CompletableFuture<Outcome> result = new CompletableFuture<>();

    private int failures;
    private @Nullable Attempt attempt;
    private Scheduler.@Nullable Task pause;

    private Acquisition(Quorum quorum, String resource, Duration maxWait) {
        this.quorum = quorum;
        this.resource = resource;
        this.maxWait = maxWait;
        this.startNanos = quorum.nanoTime();
        this.backoff =
                new Backoff(quorum.settings().retryDelay(), quorum.settings().maxRetryDelay());
    }

    /** Starts trying. */
    static Acquisition start(Quorum quorum, String resource, Duration maxWait) {
        Acquisition acquisition = new Acquisition(quorum, resource, maxWait);
        CompletionStage<Outcome> end = acquisition.result;
        end.whenComplete((outcome, failure) -> acquisition.stop());
        acquisition.next();
        return acquisition;
    }

    /**
     * How the trying ends. Whoever completes it first, also by cancelling it, ends the trying, and nothing stays locked. Whoever takes an {@link Outcome.Won}
     * from it owns the lock.
     */
    CompletableFuture<Outcome> result() {
        return result;
    }

    private void next() {
        Attempt started = Attempt.start(quorum, resource, 0);
        synchronized (this) {
            attempt = started;
        }
        if (result.isDone()) {
            started.abandon();
        }
        started.outcome().thenAccept(this::onOutcome);
    }

    private void stop() {
        Attempt running;
        Scheduler.Task paused;
        synchronized (this) {
            running = attempt;
            paused = pause;
        }
        if (paused != null) {
            paused.cancel();
        }
        if (running != null) {
            running.abandon();
        }
    }

    private void onOutcome(Outcome outcome) {
        if (outcome instanceof Outcome.Superseded superseded) {
            quorum.learnView(superseded.view());
            next();
        } else if (outcome instanceof Outcome.Contended contended) {
            retry(contended.heldMillis(), contended);
        } else if (outcome instanceof Outcome.Unavailable) {
            retry(Long.MAX_VALUE, outcome);
        } else if (!result.complete(outcome) && outcome instanceof Outcome.Won won) {
            quorum.release(won.request(), won.token(), node -> true);
        }
    }

    private void retry(long heldMillis, Outcome last) {
        long left = maxWait.toNanos() - (quorum.nanoTime() - startNanos);
        if (left <= 0) {
            result.complete(last);
            return;
        }
        synchronized (this) {
            failures++;
            Duration delay =
                    backoff.pause(failures, heldMillis, quorum.environment().jitter());
            Duration bounded = Duration.ofNanos(Math.min(left, delay.toNanos()));
            pause = quorum.environment().scheduler().schedule(bounded, this::next);
        }
        if (result.isDone()) {
            stop();
        }
    }
}
