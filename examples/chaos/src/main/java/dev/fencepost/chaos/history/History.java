package dev.fencepost.chaos.history;

import java.util.List;

/**
 * Everything that is known of one trial.
 *
 * @param leases in any order
 * @param writes in any order
 * @param nodes in the order in which they were seen
 * @param observations in any order
 * @param world what was done to the world
 * @param store what the database has at the end
 */
public record History(
        List<LeaseFact> leases,
        List<WriteFact> writes,
        List<NodeFact> nodes,
        List<Observation> observations,
        World world,
        Store store) {
    /**
     * What was done to the world.
     *
     * @param size how many nodes there are
     * @param faults all faults
     */
    public record World(int size, List<FaultFact> faults) {
        /** Copies the faults. */
        public World {
            faults = List.copyOf(faults);
        }

        /** How many nodes make a majority. */
        public int quorum() {
            return size / 2 + 1;
        }
    }

    /** Copies everything. */
    public History {
        leases = List.copyOf(leases);
        writes = List.copyOf(writes);
        nodes = List.copyOf(nodes);
        observations = List.copyOf(observations);
    }
}
