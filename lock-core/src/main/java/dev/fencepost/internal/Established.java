package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeRequest.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which nodes make the cluster, and which view attempts may begin in. To have heard of a view from one node is not enough: there must have been a moment when a quorum of the members was in that view or later
 * ones.
 *
 * @param view the view
 * @param members what the members are called, in order
 */
record Established(View view, List<String> members) {
    /**
     * The latest view that two looks at all nodes show to be established. A node that was ready in the first and lives the same life in the second was ready, and in the
     * view of the first or a later one, at all times in between; all first looks came before all second ones.
     *
     * @param first for each node what it said of itself, if it was ready; the replies to all of these came before any node was looked at again
     * @param second the same, later
     * @param likely which of several clusters is meant, should the nodes make more than one
     * @return empty if no quorum was ready in one epoch throughout, or if it is not clear which cluster is meant
     */
    static Optional<Established> of(
            List<Optional<Marker>> first, List<Optional<Marker>> second, Predicate<Established> likely) {
        List<Established> found = new ArrayList<>();
        Cluster.both(first, second).forEach((cluster, markers) -> {
            int quorum = Ballot.quorum(cluster.members().size());
            if (markers.size() >= quorum) {
                List<Long> views = markers.stream()
                        .map(marker -> marker.numbers().view())
                        .sorted(Comparator.reverseOrder())
                        .toList();
                found.add(new Established(new View(cluster.epoch(), views.get(quorum - 1)), cluster.members()));
            }
        });
        List<Established> meant =
                found.size() == 1 ? found : found.stream().filter(likely).toList();
        return meant.size() == 1 ? Optional.of(meant.get(0)) : Optional.empty();
    }
}
