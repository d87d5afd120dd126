package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeRequest.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which view attempts may begin in. To have heard of a view from one node is not enough: there must have been a moment when a quorum of nodes was in that view or later
 * ones.
 */
final class Established {
    private Established() {}

    /**
     * The latest view that two looks at all nodes show to be established. A node that was ready in the first and lives the same life in the second was ready, and in the
     * view of the first or a later one, at all times in between; all first looks came before all second ones.
     *
     * @param first for each node what it said of itself, if it was ready; the replies to all of these came before any node was looked at again
     * @param second the same, later
     * @return empty if no quorum was ready in one epoch throughout
     */
    static Optional<View> of(List<Optional<Marker>> first, List<Optional<Marker>> second) {
        Map<String, List<Long>> views = new HashMap<>();
        for (int i = 0; i < first.size(); i++) {
            Optional<String> life = second.get(i).map(Marker::life);
            first.get(i)
                    .filter(marker -> life.filter(marker.life()::equals).isPresent())
                    .ifPresent(marker -> views.computeIfAbsent(marker.identity().epoch(), epoch -> new ArrayList<>())
                            .add(marker.numbers().view()));
        }
        int quorum = Ballot.quorum(first.size());
        for (Map.Entry<String, List<Long>> epoch : views.entrySet()) {
            List<Long> sorted =
                    epoch.getValue().stream().sorted(Comparator.reverseOrder()).toList();
            if (sorted.size() >= quorum) {
                return Optional.of(new View(epoch.getKey(), sorted.get(quorum - 1)));
            }
        }
        return Optional.empty();
    }
}
