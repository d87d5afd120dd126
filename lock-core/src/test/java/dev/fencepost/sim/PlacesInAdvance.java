package dev.fencepost.sim;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Takes a place in line with every call for whoever calls next, so that a call may get a token that was asked for before it began. */
final class PlacesInAdvance implements LockClient {
    private final LockClient client;
    private final Map<String, CompletionStage<Lease>> spare = new HashMap<>();

    PlacesInAdvance(LockClient client) {
        this.client = client;
    }

    @Override
    public CompletionStage<Optional<Lease>> tryAcquireAsync(String resource) {
        return client.tryAcquireAsync(resource);
    }

    @Override
    public CompletionStage<Lease> acquireAsync(String resource, Duration maxWait) {
        CompletionStage<Lease> inAdvance = spare.remove(resource);
        CompletionStage<Lease> taken = inAdvance == null ? client.acquireAsync(resource, maxWait) : inAdvance;
        CompletionStage<Lease> next = client.acquireAsync(resource, maxWait);
        spare.put(resource, next);
        next.whenComplete((lease, failure) -> {
            // Nobody has come in time.
            if (spare.remove(resource, next) && lease != null) {
                lease.close();
            }
        });
        return taken;
    }

    @Override
    public CompletionStage<Lease> acquireAboveAsync(FencingToken last, Duration maxWait) {
        return client.acquireAboveAsync(last, maxWait);
    }

    @Override
    public void close() {
        client.close();
    }
}
