package dev.fencepost.bench.ways;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.redisson.RedissonRedLock;
import org.redisson.api.RFencedLock;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;

/** Redisson's own locks, with the same lease as all others, and so without its watchdog. */
public final class RedissonWay implements Way {
    private static final int LEASE_SECONDS = 30;
    private static final int WAIT_SECONDS = 30;

    private final String title;
    private final RedissonClients clients;
    private final BiFunction<List<RedissonClient>, String, Runnable> lock;

    private RedissonWay(String title, List<String> nodes, BiFunction<List<RedissonClient>, String, Runnable> lock) {
        this.title = title;
        this.clients = new RedissonClients(nodes);
        this.lock = lock;
    }

    /** {@code RLock}: one node, no token. */
    public static RedissonWay plain(String node) {
        return new RedissonWay(
                "Redisson RLock, 1 node, no token",
                List.of(node),
                (clients, resource) -> lock(clients.get(0).getLock("plain:" + resource)));
    }

    /** {@code RFencedLock}: one node, a token. */
    public static RedissonWay fenced(String node) {
        return new RedissonWay("Redisson RFencedLock, 1 node, token", List.of(node), (clients, resource) -> {
            RFencedLock lock = clients.get(0).getFencedLock("fenced:" + resource);
            // The wait and the lease are given: the form that takes the lease alone ignores it.
            Long token = lock.tryLockAndGetToken(WAIT_SECONDS, LEASE_SECONDS, TimeUnit.SECONDS);
            if (token == null) {
                throw new IllegalStateException(resource + " was not locked within " + WAIT_SECONDS + " s");
            }
            return lock::unlock;
        });
    }

    /** {@code RedissonRedLock}: several nodes, no token. */
    @SuppressWarnings("deprecation") // It is deprecated for having no fencing token, which is why it is measured.
    public static RedissonWay redLock(List<String> nodes) {
        return new RedissonWay(
                "RedissonRedLock, " + nodes.size() + " nodes, no token",
                nodes,
                (clients, resource) -> lock(new RedissonRedLock(clients.stream()
                        .map((RedissonClient client) -> client.getLock("red:" + resource))
                        .toArray(RLock[]::new))));
    }

    private static Runnable lock(RLock lock) {
        try {
            if (!lock.tryLock(WAIT_SECONDS, LEASE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not locked within " + WAIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while locking", e);
        }
        return lock::unlock;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Runnable acquire(String resource) {
        return lock.apply(clients.all(), resource);
    }

    @Override
    public void close() {
        clients.close();
    }
}
