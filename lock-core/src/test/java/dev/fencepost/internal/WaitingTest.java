package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.AcquireInterruptedException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of a thread that waits. */
final class WaitingTest {
    /** A result that comes in the moment between the interrupt of the waiting thread and its reaction. */
    private static final class AtTheSameMoment extends CompletableFuture<String> {
        @Override
        public String get() throws InterruptedException {
            complete("a lease");
            throw new InterruptedException();
        }
    }

    @Test
    void aResultThatComesTogetherWithAnInterruptIsNotForgotten() {
        assertThat(Waiting.await(new AtTheSameMoment(), "lock")).isEqualTo("a lease");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anInterruptCancelsWhatWasWaitedFor() {
        CompletableFuture<String> never = new CompletableFuture<>();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Waiting.await(never, "lock 'a'"))
                .isInstanceOf(AcquireInterruptedException.class)
                .hasMessage("interrupted while waiting to lock 'a'");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(never).isCancelled();
    }

    @Test
    void aFailureIsThrownAsItIs() {
        IllegalStateException failure = new IllegalStateException("as it is");

        assertThatThrownBy(() -> Waiting.await(CompletableFuture.failedFuture(failure), "lock"))
                .isSameAs(failure);
    }

    @Test
    void aCancelledResultSaysWhatWasGivenUp() {
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        cancelled.cancel(false);

        assertThatThrownBy(() -> Waiting.await(cancelled, "lock 'a'"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("gave up to lock 'a'");
    }
}
