package dev.fencepost.redis;

import dev.fencepost.LockClient;

/**
 * Makes lock clients on independent Redis nodes, 6.2 or newer. Independent means: no replication between them, no Redis Cluster, and as few causes
 * of failure in common as can be had.
 *
 * <p>With N nodes, N / 2 + 1 have to answer. One node is allowed, and tolerates no failure.
 */
public final class RedisLocks {
    private RedisLocks() {}

    /**
     * Connects with the default settings. Nodes that are all blank, as new ones are, are made a new cluster: to have it made by an explicit step only, use the {@linkplain #builder() builder}.
     *
     * @param addresses one for each node, as {@code redis://[[user]:password@]host[:port][#name]}, or {@code rediss://} for TLS; the order means nothing
     * @return a client, to be closed by the caller
     * @throws IllegalArgumentException if there are no addresses, one cannot be understood, or two are of one node
     * @throws dev.fencepost.QuorumUnavailableException if fewer than a quorum can be reached; the message says why for each
     */
    public static LockClient connect(String... addresses) {
        return builder().addresses(addresses).formatBlankNodes().connect();
    }

    /**
     * Starts from the default settings.
     *
     * @return a builder, for use by one thread
     */
    public static RedisLocksBuilder builder() {
        return new RedisLocksBuilder();
    }
}
