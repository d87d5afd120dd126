package dev.fencepost.redis;

import java.util.List;

/**
 * What came of looking for counters that are not used any more. Immutable.
 *
 * @param nodes one for each node, in the order of their names
 */
public record UnusedReport(List<Node> nodes) {
    /**
     * Copies the list.
     *
     * @param nodes one for each node
     */
    public UnusedReport {
        nodes = List.copyOf(nodes);
    }

    /**
     * On one node.
     *
     * @param node what the node is called
     * @param counters how many counters were looked at
     * @param marked how many of these go away if they stay unused; those that were marked before are not counted again
     * @param unfinished why not all were looked at, for people; empty if all were
     */
    public record Node(String node, long counters, long marked, String unfinished) {}

    /**
     * Whether all counters of all nodes were looked at.
     *
     * @return false if a further call would find more
     */
    public boolean isComplete() {
        return nodes.stream().allMatch(node -> node.unfinished().isEmpty());
    }
}
