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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the set of nodes of a cluster while its locks are in use: sets all of its nodes on their way into the other set, and lets those that stay take part in that as soon as a quorum is on its way. New nodes are
 * brought in by any client, like nodes that have forgotten. Each step is one atomic step on one node; whoever dies in between leaves nothing that the same call could not go on from.
 */
final class Changing {
    private static final Logger LOG = LoggerFactory.getLogger(Changing.class);
    /** What is not done by then is waited for. */
    private static final int HURRIED = 8;

    private static final int MOST_PASSES = 50;

    private final Quorum quorum;
    private final List<String> next;
    /** What the cluster was called when it was last seen; null before. Passes follow each other. */
    private volatile @Nullable String from;

    private Changing(Quorum quorum, List<String> next) {
        this.quorum = quorum;
        this.next = next;
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
                LOG.info("the nodes of the cluster are {}", next);
                return CompletableFuture.completedStage(null);
            }
            if (number > MOST_PASSES) {
                throw tooFew(looks.latest(), "the nodes do not all answer, or somebody else is at them; call again");
            }
            CompletionStage<?> stepped = step(looks);
            return (number < HURRIED ? stepped : stepped.thenCompose(done -> later()))
                    .thenCompose(done -> pass(number + 1));
        });
    }

    /** Also the wait of new ones that answer is begun then, and none is on its way elsewhere any more, as one may be whose change was given up. */
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
        from = cluster.epoch();
        if (isAhead(found, cluster)) {
            // It has just become another, which takes two looks to see.
            return later();
        }
        ChangeChecks checks = new ChangeChecks(quorum, found, cluster, next);
        checks.requirePossible();
        Optional<Move.Into> begun = found.stream()
                .filter(one -> cluster.has(one.moving()))
                .flatMap(one -> one.moving().stream())
                .map(Move.Into::of)
                .filter(into -> into.members().equals(next))
                .findAny();
        if (begun.filter(into -> canBegin(found, cluster, into)).isPresent()) {
            return setOut(found, goes(found, cluster), begun.get());
        }
        checks.requireAll();
        IntPredicate unprepared = node -> isNew(node, cluster) && !isFresh(found.get(node));
        if (IntStream.range(0, found.size()).anyMatch(unprepared)) {
            return prepare(found, unprepared);
        }
        List<String> lives = IntStream.range(0, found.size())
                .filter(node -> isNew(node, cluster))
                .mapToObj(node -> ((Diagnosis.Waiting) found.get(node)).marker().life())
                .toList();
        return setOut(found, goes(found, cluster), Move.Into.of(cluster.epoch(), next, lives));
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
                .filter(one -> cluster.has(one.ready()) || cluster.has(one.moving()))
                .count();
        return able >= Ballot.quorum(into.members().size())
                && deciding >= Ballot.quorum(cluster.members().size());
    }

    private static boolean isAhead(List<Diagnosis> found, Cluster cluster) {
        return found.stream()
                .flatMap(one -> one.ready().stream())
                .anyMatch(marker ->
                        Epoch.isBefore(cluster.epoch(), marker.identity().epoch()));
    }

    private CompletionStage<Void> later() {
        CompletableFuture<Void> later = new CompletableFuture<>();
        quorum.schedule(Round.SOON, () -> later.complete(null));
        return later;
    }

    private boolean isNew(int node, Cluster cluster) {
        String name = quorum.name(node);
        return next.contains(name) && !cluster.members().contains(name);
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
                .filter(node -> cluster.has(found.get(node).ready()))
                .toArray();
        boolean alone = ready.length > Ballot.quorum(cluster.members().size())
                && found.stream().noneMatch(one -> cluster.has(one.moving()));
        return node -> cluster.has(found.get(node).ready()) && (!alone || node == ready[0]);
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
                        .max(Comparator.comparing(of -> Epoch.of(of.epoch()).changes())))
                .orElseThrow(
                        () -> tooFew(
                                found,
                                "no cluster can be seen of which a quorum takes part and all members are given; give those that are to leave it as otherAddresses, and see that keyPrefix is that of the clients"));
    }

    private QuorumUnavailableException tooFew(List<Diagnosis> found, String what) {
        Map<String, String> reasons = new TreeMap<>();
        IntStream.range(0, found.size())
                .forEach(i -> reasons.put(quorum.name(i), found.get(i).describe()));
        return new QuorumUnavailableException("the nodes cannot become " + next + " now: " + what, reasons);
    }
}
