package dev.fencepost.redis;

import dev.fencepost.spi.QuorumLocks;
import dev.fencepost.spi.QuorumLocks.Standing.State;
import java.util.ArrayList;
import java.util.List;

/**
 * How the nodes of a cluster were found, each a moment after the other. Immutable.
 *
 * @param nodes one for each node, in the order of their names
 * @param quorum how many of them have to be ready
 * @param odd what somebody should look at, for people; empty if nothing
 */
public record ClusterReport(List<NodeReport> nodes, int quorum, List<String> odd) {
    /**
     * Copies the lists.
     *
     * @param nodes one for each node
     * @param quorum how many of them have to be ready
     * @param odd what somebody should look at
     */
    public ClusterReport {
        nodes = List.copyOf(nodes);
        odd = List.copyOf(odd);
    }

    static ClusterReport of(List<NodeReport> nodes) {
        List<String> odd = new ArrayList<>();
        List<NodeReport> members =
                nodes.stream().filter(node -> node.state() != State.SPARE).toList();
        int quorum = QuorumLocks.quorum(members.size());
        long ready = members.stream().filter(ClusterReport::isReady).count();
        if (ready < quorum) {
            odd.add("no lock can be taken: " + ready + " of " + members.size() + " nodes are ready, and " + quorum
                    + " are needed");
        } else if (ready < members.size()) {
            odd.add(ready + " of " + members.size() + " nodes are ready; "
                    + (ready == quorum
                            ? "if one more fails, no lock can be taken"
                            : "the failure of " + (ready - quorum) + " more can be borne"));
        }
        for (NodeReport node : nodes) {
            if (members.contains(node) && !isReady(node)) {
                odd.add(node.node() + " is " + node.state() + ": " + node.detail());
            }
            node.server().ifPresent(server -> {
                if (!server.persistence().good()) {
                    odd.add(node.node() + ": " + server.persistence().text());
                }
                if (!server.eviction().good()) {
                    odd.add(node.node() + ": " + server.eviction().text());
                }
            });
        }
        return new ClusterReport(nodes, quorum, odd);
    }

    private static boolean isReady(NodeReport node) {
        return node.state() == State.READY;
    }
}
