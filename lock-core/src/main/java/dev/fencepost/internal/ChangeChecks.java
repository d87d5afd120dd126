package dev.fencepost.internal;

import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What has to hold before the set of nodes of a cluster is changed. Each check throws with what is wrong and what to do. */
final class ChangeChecks {
    private final Quorum quorum;
    private final List<Diagnosis> found;
    private final Cluster cluster;
    private final List<String> next;

    /**
     * Prepares the checks.
     *
     * @param found how all nodes were found
     * @param next what the nodes are to be called, in order
     */
    ChangeChecks(Quorum quorum, List<Diagnosis> found, Cluster cluster, List<String> next) {
        this.quorum = quorum;
        this.found = found;
        this.cluster = cluster;
        this.next = next;
    }

    void requirePossible() {
        if (!Move.isPossible(cluster.members(), next)) {
            throw new IllegalArgumentException(
                    "the nodes cannot become " + next + " in one step, but are "
                            + cluster.members()
                            + "; so many have to stay that they make a majority afterwards, and majorities of those that stay have to meet all majorities from before: take away or exchange one node at a time, never below three, and let the"
                            + " longest lease pass after each; what to do with one node is in docs/operations.md, 'More nodes, fewer, or others'");
        }
    }

    /** All that has to hold before the first node is set on its way. */
    void requireAll() {
        requireNoOther();
        requireThere();
        requireTime();
    }

    /**
     * Of two changes at once neither may come to be decided. Only to stay with the nodes that make the cluster now, while a quorum of these takes part, takes back one that was given up half-way: then it is decided for that.
     */
    private void requireNoOther() {
        long ready = found.stream().filter(one -> cluster.has(one.ready())).count();
        if (next.equals(cluster.members()) && ready >= Ballot.quorum(next.size())) {
            return;
        }
        found.stream()
                .map(Diagnosis::moving)
                .filter(cluster::has)
                .map(marker -> marker.orElseThrow().identity().set().next())
                .filter(other -> !other.equals(next))
                .findAny()
                .ifPresent(other -> {
                    throw new IllegalStateException("the cluster is just becoming one of " + other
                            + "; make that change once more if it does not end, or, while a majority of its nodes takes part and all of them are there, take it back by changing to "
                            + cluster.members());
                });
    }

    private void requireThere() {
        Map<String, String> missing = new TreeMap<>();
        for (int i = 0; i < found.size(); i++) {
            String name = quorum.name(i);
            if (next.contains(name)) {
                problem(found.get(i), cluster.members().contains(name)).ifPresent(why -> missing.put(name, why));
            }
        }
        if (!missing.isEmpty()) {
            throw new QuorumUnavailableException(
                    "the nodes can become " + next + " only when all of these can be used", missing);
        }
    }

    /** Why the change cannot be begun with a node as it was found; empty if it can. */
    private Optional<String> problem(Diagnosis one, boolean stays) {
        boolean ours = cluster.has(one.ready()) || cluster.has(one.moving());
        if (one instanceof Diagnosis.Silent || one instanceof Diagnosis.Refused || (stays && !ours)) {
            return Optional.of(one.describe());
        }
        return one.sight()
                .flatMap(Seen::marker)
                .map(Marker::identity)
                .filter(id -> !stays && !id.epoch().isEmpty() && !isOfOurs(id.epoch()))
                .map(id -> "it is of the cluster of " + id.members()
                        + "; if that is no more, wipe it, or delete its marker, the key that ends with ':node'");
    }

    private boolean isOfOurs(String epoch) {
        return Epoch.of(epoch).origin().equals(Epoch.of(cluster.epoch()).origin());
    }

    /** Leases of the set before the last have to be over. Any node that has been ready for so long in this one shows that. */
    private void requireTime() {
        if (Epoch.of(cluster.epoch()).changes() == 0) {
            return;
        }
        long longest = quorum.settings().leases().longest().toMillis();
        long age = 0;
        for (Diagnosis one : found) {
            Optional<Marker> own = one.ready().or(one::moving);
            if (cluster.has(own)) {
                Marker.Terms terms = own.orElseThrow().terms();
                longest = Math.max(longest, terms.longestMillis());
                age = Math.max(age, one.sight().orElseThrow().nowMillis() - terms.sinceMillis());
            }
        }
        if (age < longest) {
            throw new IllegalStateException(
                    "the set of nodes was changed, or all nodes came back, less than the longest lease ago; call again in "
                            + (longest - age) + " ms");
        }
    }
}
