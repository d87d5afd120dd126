package dev.fencepost.bench.ways;

import java.util.concurrent.CompletionStage;

/** How scripts get to nodes. Safe for use by many threads. */
interface Transport extends AutoCloseable {
    /** How many nodes there are. */
    int nodes();

    /** Puts a script on all nodes, and waits for that. */
    String load(String script);

    /** Runs a script on one node. */
    CompletionStage<Long> call(int node, String sha, Object[] keys, Object... arguments);

    /** Whether calls of one thread reach a node in their order. */
    boolean isOrdered();

    @Override
    void close();
}
