package dev.fencepost.examples.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.redisson.RedissonRedLock;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;

/** Redisson's own lock over several nodes. It has no token. */
final class RedLockWay implements Way {
    private static final int LEASE_SECONDS = 30;

    private final RedissonClients clients;

    RedLockWay(List<String> nodes) {
        this.clients = new RedissonClients(nodes);
    }

    @Override
    public String title() {
        return "RedissonRedLock, 5 nodes, no token";
    }

    @Override
    @SuppressWarnings("deprecation") // It is deprecated for having no fencing token, which is why it is measured.
    public void acquireAndRelease(String resource) {
        RLock[] locks = clients.all().stream()
                .map((RedissonClient client) -> client.getLock(resource))
                .toArray(RLock[]::new);
        RedissonRedLock lock = new RedissonRedLock(locks);
        try {
            if (!lock.tryLock(1, LEASE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(resource + " was to be free, and is held");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while locking " + resource, e);
        }
        lock.unlock();
    }

    @Override
    public void close() {
        clients.close();
    }
}
