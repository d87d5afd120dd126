package dev.fencepost.jdbc;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A lock service in one process: one resource is held by one lease at a time, and tokens count up from wherever the counter stands. */
final class CountingLocks implements LockClient {
    private long counter;
    private boolean held;
    private boolean closed;
    private final boolean catchesUp;

    CountingLocks(long counter, boolean catchesUp) {
        this.counter = counter;
        this.catchesUp = catchesUp;
    }

    @Override
    public synchronized CompletionStage<Optional<Lease>> tryAcquireAsync(String resource) {
        if (held) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        held = true;
        return CompletableFuture.completedFuture(Optional.of(new Held(new FencingToken(resource, ++counter, "locks"))));
    }

    @Override
    public CompletionStage<Lease> acquireAsync(String resource, Duration maxWait) {
        return tryAcquireAsync(resource)
                .thenApply(found ->
                        found.orElseThrow(() -> new LockTimeoutException(resource, maxWait, "somebody holds it")));
    }

    @Override
    public CompletionStage<Lease> acquireAboveAsync(FencingToken last, Duration maxWait) {
        if (!catchesUp) {
            return LockClient.super.acquireAboveAsync(last, maxWait);
        }
        synchronized (this) {
            counter = Math.max(counter, last.value());
        }
        return acquireAsync(last.resource(), maxWait);
    }

    synchronized boolean isHeld() {
        return held;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private synchronized void free() {
        held = false;
    }

    private final class Held implements Lease {
        private final FencingToken token;

        Held(FencingToken token) {
            this.token = token;
        }

        @Override
        public String resource() {
            return token.resource();
        }

        @Override
        public FencingToken token() {
            return token;
        }

        @Override
        public Duration remaining() {
            return Duration.ofSeconds(30);
        }

        @Override
        public boolean isHeld() {
            return true;
        }

        @Override
        public void extend(Duration duration) {}

        @Override
        public void onLost(Runnable action) {}

        @Override
        public void close() {
            free();
        }
    }
}
