package dev.fencepost.chaos.work;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** Gives everybody what they want, at once and with numbers that mean nothing: no lock at all. */
final class NoLocks implements LockClient {
    private final AtomicLong numbers = new AtomicLong();

    @Override
    public CompletionStage<Optional<Lease>> tryAcquireAsync(String resource) {
        return CompletableFuture.completedStage(Optional.of(lease(resource)));
    }

    @Override
    public CompletionStage<Lease> acquireAsync(String resource, Duration maxWait) {
        return CompletableFuture.completedStage(lease(resource));
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private Lease lease(String resource) {
        FencingToken token = FencingToken.of(resource, numbers.incrementAndGet());
        return new Lease() {
            @Override
            public String resource() {
                return resource;
            }

            @Override
            public FencingToken token() {
                return token;
            }

            @Override
            public Duration remaining() {
                return Duration.ofDays(1);
            }

            @Override
            public boolean isHeld() {
                return true;
            }

            @Override
            public void extend(Duration duration) {
                // It never ends.
            }

            @Override
            public void onLost(Runnable action) {
                // It is never lost.
            }

            @Override
            public void close() {
                // It was never held.
            }
        };
    }
}
