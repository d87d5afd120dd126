package dev.fencepost.redis;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Threads that lock a few resources again and again, and what they got: who held what, from when to when by the clock of this process. */
final class Load implements AutoCloseable {
    private record Hold(String resource, long token, long began, long acquired, long heldUntil) {}

    private final Queue<Hold> holds = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean stopped;

    /** Each client locks each resource in a thread of its own; whatever is thrown there ends the load. */
    Load(List<LockClient> clients, List<String> resources) {
        for (LockClient client : clients) {
            for (String resource : resources) {
                running.add(threads.submit(() -> {
                    while (!stopped) {
                        lock(client, resource);
                    }
                }));
            }
        }
    }

    private void lock(LockClient client, String resource) {
        long began = System.nanoTime();
        try (Lease lease = client.acquire(resource, OnNodes.SOON)) {
            long acquired = System.nanoTime();
            // What was held a moment ago was held until then.
            long until = acquired;
            for (long now = acquired; now - acquired < 300_000 && lease.isHeld(); now = System.nanoTime()) {
                until = now;
            }
            holds.add(new Hold(resource, lease.token().value(), began, acquired, until));
        }
    }

    int size() {
        return holds.size();
    }

    /** How long somebody had to wait at most, in milliseconds. */
    long longestWaitMillis() {
        return holds.stream()
                        .mapToLong(hold -> hold.acquired - hold.began)
                        .max()
                        .orElse(0)
                / 1_000_000;
    }

    /** Ends the load, and throws what has ended it before, if anything has. */
    void stop() throws Exception {
        stopped = true;
        for (Future<?> thread : running) {
            thread.get();
        }
    }

    /** What is wrong, in words; empty if nothing is. After the end. */
    List<String> violations() {
        List<String> found = new ArrayList<>();
        Map<String, List<Hold>> byResource = holds.stream().collect(Collectors.groupingBy(Hold::resource));
        byResource.values().forEach(all -> {
            all.sort(Comparator.comparingLong(Hold::acquired));
            for (int i = 1; i < all.size(); i++) {
                Hold before = all.get(i - 1);
                Hold after = all.get(i);
                if (after.token <= before.token) {
                    found.add(after + " has no larger token than " + before);
                }
                if (after.acquired - before.heldUntil < 0) {
                    found.add(after + " began while there was " + before);
                }
            }
        });
        return found;
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
    }
}
