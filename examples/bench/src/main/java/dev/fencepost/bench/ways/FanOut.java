package dev.fencepost.bench.ways;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * The floor: a script that locks and counts, sent to every node at once, until a quorum has answered; and another that releases, which nobody waits for. There is no rule for
 * tokens, no timeout, no lease to be watched, no line of waiters, and no check that could fail: whatever does more than this costs more.
 */
public final class FanOut implements Way {
    private static final String GRANT = "if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then"
            + " return redis.call('INCR', KEYS[2]) end return 0";
    private static final String RELEASE =
            "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";
    private static final String LEASE_MILLIS = "30000";

    private final String title;
    private final Transport transport;
    private final String grant;
    private final String release;
    private final AtomicLong owners = new AtomicLong();

    private FanOut(String title, Transport transport) {
        this.title = title + ", " + transport.nodes() + " nodes";
        this.transport = transport;
        this.grant = transport.load(GRANT);
        this.release = transport.load(RELEASE);
    }

    /** Over Redisson's low-level client: one pipelined connection a node. */
    public static FanOut lowLevel(List<String> nodes) {
        return new FanOut("bare fan-out, Redisson's low-level client", new LowLevelTransport(nodes));
    }

    /** Over Lettuce: one pipelined connection a node. */
    public static FanOut lettuce(List<String> nodes) {
        return new FanOut("bare fan-out, Lettuce", new LettuceTransport(nodes));
    }

    /** Over {@code RScript} on one Redisson client a node, with pooled connections. */
    public static FanOut rScript(List<String> nodes) {
        return new FanOut("bare fan-out, RScript", new RScriptTransport(nodes));
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Runnable acquire(String resource) {
        Object[] lock = {"bare:lock:" + resource};
        Object[] both = {"bare:lock:" + resource, "bare:token:" + resource};
        String owner = Long.toString(owners.incrementAndGet());
        Votes votes = new Votes(transport.nodes());
        CompletionStage<?>[] grants = new CompletionStage<?>[transport.nodes()];
        for (int i = 0; i < grants.length; i++) {
            grants[i] = transport.call(i, grant, both, owner, LEASE_MILLIS).whenComplete(votes);
        }
        votes.join();
        return () -> release(lock, owner, grants);
    }

    private void release(Object[] lock, String owner, CompletionStage<?>[] grants) {
        for (int i = 0; i < grants.length; i++) {
            int node = i;
            if (transport.isOrdered()) {
                var unused = transport.call(node, release, lock, owner);
            } else {
                var unused = grants[i].thenCompose(token -> transport.call(node, release, lock, owner));
            }
        }
    }

    @Override
    public void close() {
        transport.close();
    }

    /** Completes when a quorum has granted, and fails when one no longer can. */
    private static final class Votes extends CompletableFuture<Void> implements BiConsumer<Long, Throwable> {
        private final int quorum;
        private final AtomicInteger grants = new AtomicInteger();
        private final AtomicInteger others = new AtomicInteger();

        Votes(int nodes) {
            this.quorum = nodes / 2 + 1;
        }

        @Override
        public void accept(Long token, Throwable failure) {
            if (failure == null && token > 0) {
                if (grants.incrementAndGet() == quorum) {
                    complete(null);
                }
            } else if (others.incrementAndGet() == quorum) {
                completeExceptionally(new IllegalStateException("was to be free, and is held", failure));
            }
        }
    }
}
