package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply.Marker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the nodes of one cluster have in common.
 *
 * @param epoch what it is called
 * @param members what its nodes are called, in order
 */
record Cluster(String epoch, List<String> members) {
    static Cluster of(Marker marker) {
        return new Cluster(marker.identity().epoch(), marker.identity().members());
    }

    boolean has(Optional<Marker> marker) {
        return marker.map(Cluster::of).filter(this::equals).isPresent();
    }

    /**
     * What nodes said of themselves in two looks, and were at all times in between: those that live the same life in the second. All first looks came before all second ones, so there was a moment when all were so at once.
     *
     * @param first for each node what it said of itself, if it is of interest; the replies to all of these came before any node was looked at again
     * @param second the same, later
     * @return what they said first, by their cluster
     */
    static Map<Cluster, List<Marker>> both(List<Optional<Marker>> first, List<Optional<Marker>> second) {
        Map<Cluster, List<Marker>> clusters = new HashMap<>();
        for (int i = 0; i < first.size(); i++) {
            Optional<String> life = second.get(i).map(Marker::life);
            first.get(i)
                    .filter(marker -> life.filter(marker.life()::equals).isPresent())
                    .ifPresent(marker -> clusters.computeIfAbsent(of(marker), cluster -> new ArrayList<>())
                            .add(marker));
        }
        return clusters;
    }
}
