package dev.fencepost.internal;

import dev.fencepost.LockEvent;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeRequest.View;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at all nodes, twice, and one step for each of those that need it: a node that may take part is admitted, one that has forgotten is made to wait, one that has waited for long enough is
 * brought back, and a change of the set of nodes that is decided is finished.
 */
final class Round {
    private static final Logger LOG = LoggerFactory.getLogger(Round.class);
    /** When to look again where another client may be about to finish something. */
    static final Duration SOON = Duration.ofMillis(10);

    static final Duration LATER = Duration.ofSeconds(1);
    /** After so many looks, whoever has set nodes on their way is taken to be gone. */
    private static final int PATIENCE = 20;
    /** When to look at nodes again that ask for attention by themselves, or that somebody has to mend. */
    private static final Duration MUCH_LATER = Duration.ofSeconds(5);

    /**
     * What is left to do.
     *
     * @param again whether to begin another round at once
     * @param next when to begin another one otherwise; empty if not before something happens
     * @param lagging whether nodes were seen in a view that is not established, or on their way into another set
     */
    record Result(boolean again, Optional<Duration> next, boolean lagging) {
        static final Result NOTHING = new Result(false, Optional.empty(), false);
        static final Result AGAIN = new Result(true, Optional.empty(), false);
        static final Result FAILED = in(LATER);

        static CompletionStage<Result> after(Duration delay) {
            return CompletableFuture.completedStage(in(delay));
        }

        static Result in(Duration delay) {
            return new Result(false, Optional.of(delay), false);
        }

        Result and(Result other) {
            Optional<Duration> earlier = next.isPresent() && other.next.isPresent()
                    ? Optional.of(next.get().compareTo(other.next.get()) < 0 ? next.get() : other.next.get())
                    : next.or(() -> other.next);
            return new Result(again || other.again, earlier, lagging || other.lagging);
        }
    }

    private final Quorum quorum;
    private final Returns returns;
    private final int lagging;
    private List<Diagnosis> nodes = List.of();
    /** Who makes the cluster by these looks, or by earlier ones. */
    private Roster roster;

    /** What these looks show. What was known before may be of a cluster that is no more. */
    private Optional<View> established = Optional.empty();

    /**
     * Prepares a round.
     *
     * @param lagging how often in a row nodes were seen before in a view that is not established, or on their way: whoever has moved them there may be gone
     */
    Round(Quorum quorum, Returns returns, int lagging) {
        this.quorum = quorum;
        this.roster = quorum.roster();
        this.returns = returns;
        this.lagging = lagging;
    }

    /** Does all that can be done now. */
    CompletionStage<Result> run() {
        return TwoLooks.at(quorum).thenCompose(looks -> {
            Optional<Established> seen = looks.established();
            established = seen.map(Established::view);
            roster = seen.map(now -> quorum.roster().after(now, quorum.names())).orElse(quorum.roster());
            nodes = Diagnosis.within(looks.latest(), roster);
            Optional<Move> move = looks.move();
            CompletionStage<Result> crossed = move.map(decided -> new Crossing(quorum, decided).run(looks.latest()))
                    .orElseGet(() -> CompletableFuture.completedStage(Result.NOTHING));
            IntPredicate crosses =
                    node -> move.filter(looks.latest().get(node)::isToCross).isPresent();
            Result behind = isBehind(looks.latest()) ? lookAgainSoon() : Result.NOTHING;
            return both(
                    crossed,
                    admit(seen)
                            .thenCompose(admitted ->
                                    settle(crosses).thenApply(admitted::and).thenApply(behind::and)));
        });
    }

    /** Whether nodes take part in a later set that the client can follow into, and that it has not seen a quorum make in both looks: mostly the others are just about to. */
    private boolean isBehind(List<Diagnosis> found) {
        String known = roster.view().epoch();
        return roster.isSeen()
                && found.stream()
                        .flatMap(node -> node.ready().stream())
                        .map(Marker::identity)
                        .anyMatch(of -> Epoch.isBefore(known, of.epoch()) && quorum.allows(of.members()));
    }

    private void learn(Established seen) {
        List<String> before = quorum.roster().members();
        quorum.learn(seen);
        List<String> after = quorum.roster().members();
        if (!before.equals(after)) {
            LOG.info("the nodes of the cluster are {} from now on, and not {}", after, before);
            quorum.events().emit(() -> new LockEvent.NodesChanged(after));
        }
    }

    /** Lets nodes take part that may. Nobody goes by another epoch before its nodes can be asked. */
    private CompletionStage<Result> admit(Optional<Established> seen) {
        View known = roster.view();
        boolean same = known.epoch().equals(quorum.view().epoch());
        seen.filter(now -> same).ifPresent(this::learn);
        IntPredicate ours = node -> nodes.get(node)
                .ready()
                .filter(marker ->
                        known.equals(View.NONE) || marker.identity().epoch().equals(known.epoch()))
                .isPresent();
        return Gather.of(quorum, ours, node -> admit(node, marker(node))).thenApply(replies -> {
            seen.filter(now -> !same).ifPresent(this::learn);
            Result result = Result.NOTHING;
            int ready = 0;
            for (int i = 0; i < replies.size(); i++) {
                if (!ours.test(i)) {
                    continue;
                }
                ready++;
                if (!(replies.get(i) instanceof NodeReply.Done)) {
                    result =
                            result.and(replies.get(i) instanceof NodeReply.Forgotten ? Result.AGAIN : Result.in(LATER));
                } else if (known.equals(View.NONE)) {
                    quorum.membership(i).hold("fewer than a quorum of nodes are ready");
                } else {
                    quorum.startFrom(marker(i).numbers().floor());
                    quorum.membership(i).use();
                    returns.ready(i, marker(i));
                }
            }
            if (ready > 0 && known.equals(View.NONE)) {
                // Perhaps they have just become ready, which takes two looks to see.
                result = result.and(ready >= roster.quorum() ? Result.in(SOON) : Result.in(LATER));
            }
            return result;
        });
    }

    /** Also makes it know of the longest leases that this client may ask for, since it has to tell when another node has forgotten them. */
    private CompletionStage<NodeReply> admit(int node, Marker marker) {
        long longest = longestMillis();
        return quorum.membership(node).admit(marker).thenCompose(admitted -> {
            boolean known = marker.terms().longestMillis() >= longest;
            return known || !(admitted instanceof NodeReply.Done)
                    ? CompletableFuture.completedStage(admitted)
                    : quorum.membership(node)
                            .advance(0, longest)
                            .thenApply(reply -> reply instanceof NodeReply.NewerView ? admitted : reply);
        });
    }

    /** The next step for each node that needs one; those that cross have theirs. */
    private CompletionStage<Result> settle(IntPredicate crosses) {
        CompletionStage<Result> result = CompletableFuture.completedStage(Result.NOTHING);
        View known = quorum.view();
        long latest = 0;
        for (int i = 0; i < nodes.size(); i++) {
            int node = i;
            Diagnosis found = nodes.get(i);
            if (crosses.test(i)) {
                continue;
            }
            if (found instanceof Diagnosis.Ready ready) {
                String epoch = ready.marker().identity().epoch();
                latest = epoch.equals(known.epoch())
                        ? Math.max(latest, ready.marker().numbers().view())
                        : latest;
                if (ready.isOutlivedBy(established)) {
                    result = both(result, new Recovery(quorum, returns, nodes).outlive(node, ready));
                } else if (!known.equals(View.NONE) && !epoch.equals(known.epoch())) {
                    // Perhaps the nodes are just being formatted.
                    result = result.thenApply(Result.in(LATER)::and);
                }
            } else if (found instanceof Diagnosis.Refused refused) {
                quorum.membership(i).hold(refused.why());
                result = result.thenApply(Result.in(LATER)::and);
            } else if (found instanceof Diagnosis.Silent silent) {
                result = result.thenApply(silent(node, silent.why())::and);
            } else if (found instanceof Diagnosis.Spare) {
                quorum.membership(i).hold(Diagnosis.Spare.WHY);
            } else if (found instanceof Diagnosis.Moving moving) {
                quorum.membership(i).hold(Crossing.onTheWay(moving.marker()));
                result = result.thenApply(lookAgainSoon()::and);
            } else {
                result = both(result, new Recovery(quorum, returns, nodes).bringBack(node));
            }
        }
        return latest > known.number() ? both(result, catchUp(latest)) : result;
    }

    private Result lookAgainSoon() {
        return new Result(false, Optional.of(lagging < PATIENCE ? SOON : LATER), true);
    }

    /** One that does not answer may be slow, and stays as it is; one that cannot be asked is no node to count on. */
    private Result silent(int node, String why) {
        if (why.equals(quorum.noAnswer())) {
            return Result.in(LATER);
        }
        quorum.membership(node).hold(why);
        return Result.in(MUCH_LATER);
    }

    /** Nodes are in a view that is not known to be established: mostly somebody is about to establish it. */
    private CompletionStage<Result> catchUp(long latest) {
        if (lagging == 0) {
            return CompletableFuture.completedStage(new Result(false, Optional.of(SOON), true));
        }
        return Gather.of(
                        quorum,
                        node -> nodes.get(node).ready().isPresent(),
                        node -> quorum.membership(node).advance(latest, longestMillis()))
                .thenApply(replies -> {
                    boolean moved = replies.stream().anyMatch(NodeReply.Advanced.class::isInstance);
                    return new Result(moved, moved ? Optional.empty() : Optional.of(LATER), true);
                });
    }

    private static CompletionStage<Result> both(CompletionStage<Result> before, CompletionStage<Result> other) {
        return before.thenCombine(other, Result::and);
    }

    private Marker marker(int node) {
        return nodes.get(node).ready().orElseThrow();
    }

    private long longestMillis() {
        return quorum.settings().leases().longest().toMillis();
    }
}
