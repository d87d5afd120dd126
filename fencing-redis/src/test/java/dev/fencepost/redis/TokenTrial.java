package dev.fencepost.redis;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockTimeoutException;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.redis.internal.Connecting;
import dev.fencepost.redis.internal.Keys;
import dev.fencepost.redis.internal.NodeAddress;
import dev.fencepost.redis.internal.Wiring;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.QuorumLocks;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Many holders on few resources, on real nodes that misbehave: replies come late or never, and locks end before their time, as they do when the clock of a node jumps.
 * Records every token that the real client hands out.
 */
final class TokenTrial implements AutoCloseable {
    private static final int THREADS = 16;
    /** One in so many times a worker has a line of waiters, who may take over from each other; else it tries once, in the way of others. */
    private static final int LINE_ONE_IN = 8;

    private static final int LINE = 4;
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final LockSettings SETTINGS = new LockSettings(
            new LockSettings.Leases(Duration.ofSeconds(2), Duration.ofSeconds(2), 0.01, Optional.empty()),
            new LockSettings.Retry(Duration.ofMillis(1), Duration.ofMillis(4), 0.5),
            Duration.ofMillis(80),
            new LockSettings.Recovery(true, true));

    private final RedisServers servers;
    private final TokenHistory history;
    private final LockClient locks;
    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS);
    private final int resources;
    private final AtomicInteger seeds;

    TokenTrial(RedisServers servers, Tampering tampering, int resources, int seed) {
        this.resources = resources;
        this.servers = servers;
        this.history = new TokenHistory(servers.nodes().size());
        this.seeds = new AtomicInteger(seed);
        List<NodeAddress> addresses = servers.nodes().stream()
                .map(RedisServer::uri)
                .map(NodeAddress::parse)
                .toList();
        Wiring wiring = new Wiring(Optional.empty());
        List<LockNode> real = wiring.nodes(
                addresses,
                new Keys("fencepost"),
                Connecting.within(Duration.ofSeconds(2)).askingForFsync(),
                EventSink.NONE);
        List<LockNode> nodes = new ArrayList<>();
        Tampering.Ballots seen = new Tampering.Ballots(addresses.size());
        for (int i = 0; i < addresses.size(); i++) {
            Random random = new Random(seeds.incrementAndGet());
            nodes.add(new UnsteadyNode(
                    real.get(i),
                    new UnsteadyNode.Faults(random),
                    tampering.of(i, seen, servers.node(i)),
                    history.recorder(i)));
        }
        this.locks = QuorumLocks.over(
                nodes,
                SETTINGS,
                new Environment(
                        System::nanoTime, wiring.scheduler(), wiring.executor(), new SecureRandom(), new Random(seed)),
                EventSink.NONE,
                wiring::close);
        wiring.connect(QuorumLocks.quorum(addresses.size()), Duration.ofSeconds(5));
    }

    /** Lets every worker acquire so many times, and adds what they got to the history. */
    void round(int acquisitionsPerWorker) throws InterruptedException, ExecutionException {
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seeds.incrementAndGet());
            work.add(() -> {
                for (int n = 0; n < acquisitionsPerWorker; n++) {
                    acquireOnce(random);
                }
                return null;
            });
        }
        for (Future<Void> done : workers.invokeAll(work)) {
            done.get();
        }
    }

    TokenHistory history() {
        return history;
    }

    private void acquireOnce(Random random) {
        String resource = "r" + random.nextInt(resources);
        if (random.nextInt(LINE_ONE_IN) == 0) {
            IntStream.range(0, LINE)
                    .mapToObj(i -> waitAndClose(resource))
                    .toList()
                    .forEach(CompletableFuture::join);
        } else {
            tryOnce(resource, random);
        }
        for (RedisServer node : servers.nodes()) {
            if (node.isRunning() && random.nextInt(3) == 0) {
                expire(node, resource);
            }
        }
    }

    private void tryOnce(String resource, Random random) {
        long began = System.nanoTime();
        try {
            locks.tryAcquire(resource).ifPresent(lease -> {
                history.acquired(lease.token(), began, System.nanoTime());
                endSomehow(lease, random);
            });
        } catch (QuorumUnavailableException e) {
            // Nodes that are down or slow may well deny a quorum: that hands out no token.
            history.unavailable();
        }
    }

    private CompletableFuture<Void> waitAndClose(String resource) {
        long began = System.nanoTime();
        return locks.acquireAsync(resource, WAIT)
                .thenAccept(lease -> {
                    history.acquired(lease.token(), began, System.nanoTime());
                    lease.close();
                })
                .exceptionally(e -> {
                    // The same, or others had it all the time.
                    if (!(e.getCause() instanceof QuorumUnavailableException
                            || e.getCause() instanceof LockTimeoutException)) {
                        throw new IllegalStateException("an acquisition failed as it should not", e);
                    }
                    history.unavailable();
                    return null;
                })
                .toCompletableFuture();
    }

    /** Most are closed; the others end with their locks. */
    private static void endSomehow(Lease lease, Random random) {
        if (random.nextInt(3) > 0) {
            lease.close();
        }
    }

    /** What a node does whose clock jumps: it ends a lock before its time. */
    private static void expire(RedisServer node, String resource) {
        try {
            node.command("DEL", "fencepost:lock:" + resource);
        } catch (RuntimeException e) {
            // The node was killed meanwhile: then it ends no lock.
            if (node.isRunning()) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        locks.close();
    }
}
