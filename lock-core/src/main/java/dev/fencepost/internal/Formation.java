package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply.Marker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Making a cluster of nodes that are all blank. Its epoch follows from the lives of all its nodes, so that several clients who do it at the same time do the same, and one that comes later can
 * tell whether a node that still waits was among them: such a node has never taken part, and so has nothing to catch up with.
 */
final class Formation {
    private final List<Diagnosis> nodes;

    private Formation(List<Diagnosis> nodes) {
        this.nodes = nodes;
    }

    /** Of those nodes that are to make the cluster. */
    static Formation of(List<Diagnosis> nodes, Roster roster) {
        return new Formation(IntStream.range(0, nodes.size())
                .filter(roster::isMember)
                .mapToObj(nodes::get)
                .toList());
    }

    /**
     * The marker that makes a node ready that waits, without having caught up.
     *
     * @param formatBlank whether a cluster may be begun
     * @return empty if it has to catch up
     */
    Optional<Marker> markerFor(Diagnosis.Waiting waiting, boolean formatBlank) {
        List<String> lives = new ArrayList<>();
        Optional<Marker> begun = Optional.empty();
        boolean anyKept = false;
        for (Diagnosis found : nodes) {
            if (found instanceof Diagnosis.Waiting other) {
                lives.add(other.marker().life());
                anyKept |= !other.isBlank();
            } else if (found instanceof Diagnosis.Ready ready) {
                lives.add(ready.marker().life());
                begun = Optional.of(ready.marker());
            }
        }
        if (lives.size() < nodes.size()) {
            return Optional.empty();
        }
        if (begun.isEmpty()) {
            return formatBlank && !anyKept
                    ? Optional.of(Markers.formatted(waiting, Epoch.formatted(lives, 0), 0))
                    : Optional.empty();
        }
        long floor = begun.get().numbers().floor();
        String epoch = Epoch.formatted(lives, floor);
        return begun.get().identity().epoch().equals(epoch)
                ? Optional.of(Markers.formatted(waiting, epoch, floor))
                : Optional.empty();
    }
}
