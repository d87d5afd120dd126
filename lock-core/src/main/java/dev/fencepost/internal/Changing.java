package dev.fencepost.internal;

import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import dev.fencepost.spi.QuorumLocks;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes the set of nodes of a cluster while its locks are in use: sets all of its nodes on their way into the other set, and lets those that stay take part in that as soon as a quorum is on its way. New nodes are
 * brought in by any client, like nodes that have forgotten. Each step is one atomic step on one node; whoever dies in between leaves nothing that the same call could not go on from.
 */
final class Changing {
    private static final int MOST_PASSES = 20;

    private final Quorum quorum;
    private final List<String> next;
    /** What the cluster was called when it was last seen; null before. Passes follow each other. */
    private volatile @Nullable String from;

    private Changing(Quorum quorum, List<String> next) {
        this.quorum = quorum;
        this.next = next;
    }

    /** What is there to be changed. */
    private record Cluster(String epoch, List<String> members) {
        static Cluster of(Marker marker) {
            return new Cluster(marker.identity().epoch(), marker.identity().members());
        }
    }

    /** Completes when the cluster is the one of these members, of which new ones may still have to wait; exceptionally if it cannot be. */
    static CompletionStage<Void> run(QuorumLocks.Nodes nodes, LockSettings settings, Environment environment) {
        List<String> next =
                nodes.members().stream().map(node -> node.name()).sorted().toList();
        QuorumLocks.Nodes any = new QuorumLocks.Nodes(
                List.of(),
                Stream.concat(nodes.members().stream(), nodes.others().stream()).toList());
        return new Changing(new Quorum(any, settings, environment, EventSink.NONE), next).pass(1);
    }

    private CompletionStage<Void> pass(int number) {
        return TwoLooks.at(quorum).thenCompose(looks -> {
            if (isDone(looks)) {
                return CompletableFuture.completedStage(null);
            }
            if (number > MOST_PASSES) {
                throw tooFew(looks.latest(), "the nodes do not all answer, or somebody else is at them; call again");
            }
            return step(looks).thenCompose(done -> pass(number + 1));
        });
    }

    /** Also the wait of new ones is begun then, and none is on its way elsewhere any more, as one may be whose change was given up. */
    private boolean isDone(TwoLooks looks) {
        Optional<String> epoch = looks.established(this::isMeant)
                .filter(now -> now.members().equals(next))
                .map(now -> now.view().epoch());
        return epoch.isPresent()
                && looks.latest().stream().noneMatch(found -> found.moving().isPresent() && found.isIn(epoch.get()))
                && looks.move().filter(move -> isLeft(move, looks.latest())).isEmpty();
    }

    private static boolean isLeft(Move move, List<Diagnosis> found) {
        return found.stream()
                .anyMatch(one -> one.isToCross(move) && !one.isIn(move.into().epoch()));
    }

    private CompletionStage<?> step(TwoLooks looks) {
        List<Diagnosis> found = looks.latest();
        Optional<Move> move = looks.move().filter(change -> isUnderWay(change, looks));
        if (move.isPresent()) {
            return new Crossing(quorum, move.get()).run(found).thenAccept(crossed -> requireOurs(move.get()));
        }
        Cluster cluster = cluster(looks);
        from = cluster.epoch;
        requirePossible(cluster);
        Optional<Move.Into> begun = found.stream()
                .filter(one -> isMoving(one, cluster))
                .flatMap(one -> one.moving().stream())
                .map(Move.Into::of)
                .filter(into -> into.members().equals(next))
                .findAny();
        if (begun.filter(into -> canBegin(found, cluster, into)).isPresent()) {
            return setOut(found, goes(found, cluster), begun.get());
        }
        requireNoOther(found, cluster);
        requireThere(found, cluster);
        requireTime(found, cluster);
        IntPredicate unprepared = node -> isNew(node, cluster) && !isFresh(found.get(node));
        if (IntStream.range(0, found.size()).anyMatch(unprepared)) {
            return prepare(found, unprepared);
        }
        List<String> lives = IntStream.range(0, found.size())
                .filter(node -> isNew(node, cluster))
                .mapToObj(node -> ((Diagnosis.Waiting) found.get(node)).marker().life())
                .toList();
        return setOut(found, goes(found, cluster), Move.Into.of(cluster.epoch, next, lives));
    }

    /** What is left of the last change is no reason not to begin the next. */
    private boolean isUnderWay(Move change, TwoLooks looks) {
        String into = change.into().epoch();
        boolean last = into.equals(from)
                || looks.established(this::isMeant)
                        .filter(now -> now.view().epoch().equals(into))
                        .isPresent();
        return !last || change.into().members().equals(next);
    }

    private void requireOurs(Move change) {
        if (from != null
                && Epoch.isBefore(from, change.into().epoch())
                && !change.into().members().equals(next)) {
            throw new IllegalStateException("the cluster has just become one of "
                    + change.into().members()
                    + ", since somebody else was changing it; see whether this change is still wanted");
        }
    }

    /** Whether it comes to be decided without the nodes that are missing, and so many can take part in it then that they are a quorum. */
    private boolean canBegin(List<Diagnosis> found, Cluster cluster, Move.Into into) {
        Move change = new Move(into, 0, 0, 0);
        long able = found.stream().filter(one -> one.isToCross(change)).count();
        long deciding = found.stream()
                .filter(one -> isReady(one, cluster) || isMoving(one, cluster))
                .count();
        return able >= Ballot.quorum(into.members().size()) && deciding >= Ballot.quorum(cluster.members.size());
    }

    private boolean isNew(int node, Cluster cluster) {
        String name = quorum.name(node);
        return next.contains(name) && !cluster.members.contains(name);
    }

    private boolean isFresh(Diagnosis found) {
        return found instanceof Diagnosis.Waiting waiting
                && waiting.marker().identity().members().equals(next)
                && waiting.marker().identity().epoch().isEmpty();
    }

    private CompletionStage<?> prepare(List<Diagnosis> found, IntPredicate whom) {
        return Gather.of(quorum, whom, node -> {
            Seen seen = found.get(node).sight().orElseThrow();
            Marker fresh = Markers.fresh(seen, quorum.newNonce(), quorum.name(node), next);
            return quorum.membership(node).exchange(seen.text(), fresh);
        });
    }

    private CompletionStage<?> setOut(List<Diagnosis> found, IntPredicate whom, Move.Into into) {
        return Gather.of(quorum, whom, node -> {
            Diagnosis.Ready ready = (Diagnosis.Ready) found.get(node);
            Marker moving = Markers.moving(ready, quorum.newNonce(), into);
            return quorum.membership(node).exchange(ready.seen().text(), moving);
        });
    }

    /** Who sets out next: the first in the common order, if the others can do without it, and then all others, so that of two changes that are begun at once one is. */
    private IntPredicate goes(List<Diagnosis> found, Cluster cluster) {
        int[] ready = IntStream.range(0, found.size())
                .filter(node -> isReady(found.get(node), cluster))
                .toArray();
        boolean alone = ready.length > Ballot.quorum(cluster.members.size())
                && found.stream().noneMatch(one -> isMoving(one, cluster));
        return node -> isReady(found.get(node), cluster) && (!alone || node == ready[0]);
    }

    private boolean isMeant(Established one) {
        return one.members().stream().anyMatch(next::contains);
    }

    /** The one that takes part; or else the last one of which nodes are on their way. */
    private Cluster cluster(TwoLooks looks) {
        List<Diagnosis> found = looks.latest();
        return looks.established(this::isMeant)
                .map(now -> new Cluster(now.view().epoch(), now.members()))
                .or(() -> found.stream()
                        .flatMap(one -> one.moving().stream())
                        .map(Cluster::of)
                        .max(Comparator.comparing(of -> Epoch.of(of.epoch).changes())))
                .orElseThrow(() ->
                        tooFew(found, "no cluster can be seen of which a quorum takes part and all members are given"));
    }

    private boolean isReady(Diagnosis found, Cluster cluster) {
        return found.ready().map(Cluster::of).filter(cluster::equals).isPresent();
    }

    private boolean isMoving(Diagnosis found, Cluster cluster) {
        return found.moving().map(Cluster::of).filter(cluster::equals).isPresent();
    }

    /**
     * Of two changes at once neither may come to be decided. Only to stay with the nodes that make the cluster now, while a quorum of these takes part, takes back one that was given up half-way: then it is decided for that.
     */
    private void requireNoOther(List<Diagnosis> found, Cluster cluster) {
        long ready = found.stream().filter(one -> isReady(one, cluster)).count();
        if (next.equals(cluster.members) && ready >= Ballot.quorum(next.size())) {
            return;
        }
        found.stream()
                .filter(one -> isMoving(one, cluster))
                .flatMap(one -> one.moving().stream())
                .map(marker -> marker.identity().set().next())
                .filter(other -> !other.equals(next))
                .findAny()
                .ifPresent(other -> {
                    throw new IllegalStateException("the cluster is just becoming one of " + other
                            + "; make that change once more if it does not end, or, while a majority of its nodes takes part, take it back by changing to "
                            + cluster.members);
                });
    }

    private void requirePossible(Cluster cluster) {
        if (!Move.isPossible(cluster.members, next)) {
            throw new IllegalArgumentException("the nodes cannot become " + next + " in one step, but are "
                    + cluster.members
                    + "; so many have to stay that they make a majority afterwards, and majorities of those that stay have to meet all majorities from before:"
                    + " take away one node at a time, down to three, and let the longest lease pass after each");
        }
    }

    /** Leases of the set before the last have to be over. Any node that has been ready for so long in this one shows that. */
    private void requireTime(List<Diagnosis> found, Cluster cluster) {
        if (Epoch.of(cluster.epoch).changes() == 0) {
            return;
        }
        long longest = quorum.settings().leases().longest().toMillis();
        long age = 0;
        for (Diagnosis one : found) {
            if (isReady(one, cluster) || isMoving(one, cluster)) {
                Marker.Terms terms = one.ready().or(one::moving).orElseThrow().terms();
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

    private void requireThere(List<Diagnosis> found, Cluster cluster) {
        Map<String, String> missing = new TreeMap<>();
        for (int i = 0; i < found.size(); i++) {
            String name = quorum.name(i);
            if (next.contains(name)) {
                problem(found.get(i), cluster, cluster.members.contains(name)).ifPresent(why -> missing.put(name, why));
            }
        }
        if (!missing.isEmpty()) {
            throw new QuorumUnavailableException(
                    "the nodes can become " + next + " only when all of these can be used", missing);
        }
    }

    /** Why the change cannot be begun with a node as it was found; empty if it can. */
    private Optional<String> problem(Diagnosis found, Cluster cluster, boolean stays) {
        if (found instanceof Diagnosis.Silent || found instanceof Diagnosis.Refused) {
            return Optional.of(found.describe());
        }
        if (stays) {
            return isReady(found, cluster) || isMoving(found, cluster)
                    ? Optional.empty()
                    : Optional.of(found.describe());
        }
        return found.sight()
                .flatMap(Seen::marker)
                .map(Marker::identity)
                .filter(id -> !Epoch.of(id.epoch())
                                .origin()
                                .equals(Epoch.of(cluster.epoch).origin())
                        && !id.epoch().isEmpty())
                .map(id -> "it is of the cluster of " + id.members() + "; if that is no more, delete its marker");
    }

    private QuorumUnavailableException tooFew(List<Diagnosis> found, String what) {
        Map<String, String> reasons = new TreeMap<>();
        IntStream.range(0, found.size())
                .forEach(i -> reasons.put(quorum.name(i), found.get(i).describe()));
        return new QuorumUnavailableException("the nodes cannot become " + next + " now: " + what, reasons);
    }
}
