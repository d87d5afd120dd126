package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.AcquireInterruptedException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waiting for a result on a thread that may be interrupted. */
final class WaitingTest {
    @AfterEach
    void clearTheFlag() {
        Thread.interrupted();
    }

    @Test
    void aResultIsHandedOut() {
        assertThat(Waiting.await(CompletableFuture.completedFuture("won"), "wait"))
                .isEqualTo("won");
    }

    @Test
    void aFailureIsThrownAsItIs() {
        IllegalStateException closed = new IllegalStateException("closed");

        assertThatThrownBy(() -> Waiting.await(CompletableFuture.failedFuture(closed), "wait"))
                .isSameAs(closed);
    }

    @Test
    void anInterruptCancelsTheResultAndSetsTheFlagAgain() {
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Waiting.await(result, "lock 'r'"))
                .isInstanceOf(AcquireInterruptedException.class)
                .hasMessageContaining("lock 'r'")
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(result).isCancelled();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    /** The interrupt is noticed, and the result comes before it can be cancelled: dropping it would leave a lock that nobody knows of. */
    @Test
    void aResultThatComesWithTheInterruptIsHandedOutWithTheFlagSet() {
        CompletableFuture<String> result = new CompletableFuture<>() {
            @Override
            public String get() throws InterruptedException {
                complete("won");
                throw new InterruptedException();
            }
        };

        assertThat(Waiting.await(result, "lock 'r'")).isEqualTo("won");
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void aFailureThatComesWithTheInterruptIsThrownWithTheFlagSet() {
        IllegalStateException closed = new IllegalStateException("closed");
        CompletableFuture<String> result = new CompletableFuture<>() {
            @Override
            public String get() throws InterruptedException {
                completeExceptionally(closed);
                throw new InterruptedException();
            }
        };

        assertThatThrownBy(() -> Waiting.await(result, "lock 'r'")).isSameAs(closed);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
}
