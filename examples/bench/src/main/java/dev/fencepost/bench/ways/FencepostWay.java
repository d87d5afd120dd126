package dev.fencepost.bench.ways;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.redis.RedisLocks;
import java.time.Duration;
import java.util.List;

/** This library: one pipelined connection to each node, returning at the quorum, with a token. */
public final class FencepostWay implements Way {
    /** A machine that stalls is no node that is silent. Nobody waits for this while a quorum answers. */
    private static final Duration STALL = Duration.ofSeconds(5);

    private final LockClient locks;
    private final int nodes;

    /** Connects to the nodes. */
    public FencepostWay(List<String> nodes) {
        this.locks = RedisLocks.builder()
                .addresses(nodes.toArray(String[]::new))
                .nodeTimeout(STALL)
                .connect();
        this.nodes = nodes.size();
    }

    @Override
    public String title() {
        return "Fencepost, " + nodes + (nodes == 1 ? " node, token" : " nodes, token");
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
