package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeRequest.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;

/**
 * One look at all nodes, twice, and one step for each of those that need it: a node that may take part is admitted, one that has forgotten is made to wait, and one that has waited for long enough is
 * brought back.
 */
final class Round {
    /** When to look again where another client may be about to finish something. */
    static final Duration SOON = Duration.ofMillis(10);

    static final Duration LATER = Duration.ofSeconds(1);
    /** When to look at nodes again that ask for attention by themselves, or that somebody has to mend. */
    private static final Duration MUCH_LATER = Duration.ofSeconds(5);

    /**
     * What is left to do.
     *
     * @param again whether to begin another round at once
     * @param next when to begin another one otherwise; empty if not before something happens
     * @param lagging whether nodes were seen in a view that is not established
     */
    record Result(boolean again, Optional<Duration> next, boolean lagging) {
        static final Result NOTHING = new Result(false, Optional.empty(), false);
        static final Result AGAIN = new Result(true, Optional.empty(), false);
        static final Result FAILED = in(LATER);

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
    private final boolean push;
    private List<Diagnosis> nodes = List.of();
    /** What these looks show. What was known before may be of a cluster that is no more. */
    private Optional<View> established = Optional.empty();

    /**
     * Prepares a round.
     *
     * @param push whether nodes were seen in a view that is not established before, so that whoever has moved them there may be gone
     */
    Round(Quorum quorum, Returns returns, boolean push) {
        this.quorum = quorum;
        this.returns = returns;
        this.push = push;
    }

    /** Does all that can be done now. */
    CompletionStage<Result> run() {
        return Diagnosis.look(quorum, node -> true)
                .thenCompose(first -> Diagnosis.look(quorum, node -> !(first.get(node) instanceof Diagnosis.Silent))
                        .thenCompose(second -> {
                            nodes = new ArrayList<>(second);
                            for (int i = 0; i < first.size(); i++) {
                                if (first.get(i) instanceof Diagnosis.Silent) {
                                    nodes.set(i, first.get(i));
                                }
                            }
                            established = Established.of(markers(first), markers(second));
                            established.ifPresent(quorum::learn);
                            return admit().thenCompose(admitted -> settle().thenApply(admitted::and));
                        }));
    }

    private static List<Optional<Marker>> markers(List<Diagnosis> found) {
        return found.stream().map(Diagnosis::ready).toList();
    }

    /** Lets nodes take part that may. */
    private CompletionStage<Result> admit() {
        View known = quorum.view();
        IntPredicate ours = node -> nodes.get(node)
                .ready()
                .filter(marker ->
                        known.equals(View.NONE) || marker.identity().epoch().equals(known.epoch()))
                .isPresent();
        return Gather.of(quorum, ours, node -> admit(node, marker(node))).thenApply(replies -> {
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
                result = result.and(ready >= Ballot.quorum(nodes.size()) ? Result.in(SOON) : Result.in(LATER));
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

    private CompletionStage<Result> settle() {
        CompletionStage<Result> result = CompletableFuture.completedStage(Result.NOTHING);
        View known = quorum.view();
        long latest = 0;
        for (int i = 0; i < nodes.size(); i++) {
            int node = i;
            Diagnosis found = nodes.get(i);
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
            } else {
                result = both(result, new Recovery(quorum, returns, nodes).bringBack(node));
            }
        }
        return latest > known.number() ? both(result, catchUp(latest)) : result;
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
        if (!push) {
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
