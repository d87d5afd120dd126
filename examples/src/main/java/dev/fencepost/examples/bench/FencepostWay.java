package dev.fencepost.examples.bench;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.redis.RedisLocks;
import java.util.List;

/** This library: one pipelined connection to each node, returning at the quorum, with a token. */
final class FencepostWay implements Way {
    private final LockClient locks;

    FencepostWay(List<String> nodes) {
        this.locks = RedisLocks.connect(nodes.toArray(String[]::new));
    }

    @Override
    public String title() {
        return "Fencepost, 5 nodes, token";
    }

    @Override
    public void acquireAndRelease(String resource) {
        Lease lease = locks.tryAcquire(resource)
                .orElseThrow(() -> new IllegalStateException(resource + " was to be free, and is held"));
        lease.close();
    }

    @Override
    public void close() {
        locks.close();
    }
}
