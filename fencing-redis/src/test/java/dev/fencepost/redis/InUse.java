package dev.fencepost.redis;

import static org.awaitility.Awaitility.await;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.servers.RedisServers;
import java.util.concurrent.atomic.AtomicLong;

/** A client is connected as soon as a quorum is in use; some tests are about what all nodes have. */
final class InUse {
    private InUse() {}

    /**
     * Locks a resource until every node has taken part, and is free again.
     *
     * @return the last token
     */
    static long everywhere(RedisServers servers, LockClient locks, String resource) {
        AtomicLong token = new AtomicLong();
        await().atMost(OnNodes.SOON).until(() -> {
            try (Lease lease = locks.acquire(resource, OnNodes.SOON)) {
                token.set(lease.token().value());
            }
            return servers.nodes().stream()
                    .allMatch(node -> node.command("EXISTS", "fencepost:token:" + resource)
                            .equals("1"));
        });
        OnNodes.awaitNoLocks(servers);
        return token.get();
    }

    /** The same, and then holds it on every node. */
    static Lease andHeld(RedisServers servers, LockClient locks, String resource) {
        everywhere(servers, locks, resource);
        Lease lease = locks.acquire(resource, OnNodes.SOON);
        for (int node = 0; node < servers.nodes().size(); node++) {
            OnNodes.awaitOwner(servers.node(node), resource, lease.token().owner());
        }
        return lease;
    }
}
