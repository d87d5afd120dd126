package dev.fencepost.bench.ways;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.redis.RedisLocks;
import dev.fencepost.redis.RedisLocksBuilder;
import java.time.Duration;
import java.util.List;

/** This library: one pipelined connection to each node, returning at the quorum, with a token. */
public final class FencepostWay implements Way {
    /** A machine that stalls is no node that is silent. Nobody waits for this while a quorum answers. */
    private static final Duration STALL = Duration.ofSeconds(5);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final String title;
    private final LockClient locks;

    /** Connects to the nodes. */
    public FencepostWay(List<String> nodes) {
        // Servers may be nodes of clusters of several sizes: each under names of its own.
        this(
                "Fencepost, " + many(nodes) + ", token",
                client(nodes, "fencepost-").connect());
    }

    /** The same with a client that asks a majority of the nodes first: under names of its own, since the counters of others are level on all nodes. */
    public static FencepostWay thrifty(List<String> nodes) {
        return new FencepostWay(
                "Fencepost thrifty, " + many(nodes) + ", token",
                client(nodes, "thrifty-").thrifty().connect());
    }

    /** Measures a client that there is, and closes it. */
    public FencepostWay(String title, LockClient locks) {
        this.title = title;
        this.locks = locks;
    }

    private static String many(List<String> nodes) {
        return nodes.size() + (nodes.size() == 1 ? " node" : " nodes");
    }

    private static RedisLocksBuilder client(List<String> nodes, String prefix) {
        return RedisLocks.builder()
                .addresses(nodes.toArray(String[]::new))
                .formatBlankNodes()
                .keyPrefix(prefix + nodes.size())
                .nodeTimeout(STALL);
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public void acquireAndRelease(String resource) {
        Lease lease = locks.tryAcquire(resource)
                .orElseThrow(() -> new IllegalStateException(resource + " was to be free, and is held"));
        lease.close();
    }

    @Override
    public Runnable acquire(String resource) {
        return locks.acquire(resource, LONGEST_WAIT)::close;
    }

    @Override
    public void close() {
        locks.close();
    }
}
