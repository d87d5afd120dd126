package dev.fencepost.sim;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** One request of a {@link RemoteNode} and what becomes of it. Told apart by identity. */
final class RemoteRequest<R> {
    final CompletableFuture<R> stage = new CompletableFuture<>();
    final int connection;
    final Supplier<R> effect;
    private final Function<String, R> failure;
    boolean dropped;

    RemoteRequest(int connection, Supplier<R> effect, Function<String, R> failure) {
        this.connection = connection;
        this.effect = effect;
        this.failure = failure;
    }

    void fail(String reason) {
        stage.complete(failure.apply(reason));
    }
}
