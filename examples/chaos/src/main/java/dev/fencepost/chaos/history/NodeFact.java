package dev.fencepost.chaos.history;

/** What an observer saw on a node, over a connection of its own. */
public sealed interface NodeFact {
    /** Which node, counted from 0. */
    int node();

    /**
     * A counter.
     *
     * @param node which node
     * @param process the server process, which may have forgotten what an earlier one knew
     * @param resource whose counter
     * @param value what it was
     */
    record Counter(int node, String process, String resource, long value) implements NodeFact {}

    /**
     * A lock, or that there is none.
     *
     * @param node which node
     * @param process the server process
     * @param resource what is locked
     * @param owner by whom; empty for nobody
     * @param seen from before it was asked for until its answer was there
     * @param until when it was to end at the earliest
     */
    record Lock(int node, String process, String resource, String owner, Span seen, long until) implements NodeFact {}

    /**
     * A key that was still there when nobody held a lock any more and every lease was over.
     *
     * @param node which node
     * @param key the key
     */
    record Residue(int node, String key) implements NodeFact {}

    /**
     * That a process was not ready to grant.
     *
     * @param node which node
     * @param process the server process
     * @param span from its start until it was last seen so
     */
    record NotReady(int node, String process, Span span) implements NodeFact {}
}
