package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Asks several nodes one thing and waits for all of them, but for none longer than the node timeout. */
final class Gather {
    private final @Nullable NodeReply[] replies;
    private final CompletableFuture<List<NodeReply>> all = new CompletableFuture<>();
    private int awaited;

    private Gather(int nodes, int awaited) {
        this.replies = new NodeReply[nodes];
        this.awaited = awaited;
    }

    /**
     * Asks those nodes.
     *
     * @return a reply for each node of the quorum, in their order; {@link NodeReply.Unavailable} for those that were not asked or stay silent
     */
    static CompletionStage<List<NodeReply>> of(
            Quorum quorum, IntPredicate whom, IntFunction<CompletionStage<NodeReply>> ask) {
        List<Integer> asked = new ArrayList<>();
        for (int i = 0; i < quorum.size(); i++) {
            if (whom.test(i)) {
                asked.add(i);
            }
        }
        Gather gather = new Gather(quorum.size(), asked.size());
        var timeout = quorum.schedule(quorum.settings().nodeTimeout(), () -> gather.finish(quorum.noAnswer()));
        for (int node : asked) {
            ask.apply(node).thenAccept(reply -> gather.note(node, reply));
        }
        if (asked.isEmpty()) {
            gather.finish("was not asked");
        }
        return gather.all.whenComplete((replies, failure) -> timeout.cancel());
    }

    /** Asks one node, and waits for it no longer than the node timeout. */
    static CompletionStage<NodeReply> one(Quorum quorum, int node, IntFunction<CompletionStage<NodeReply>> ask) {
        return of(quorum, other -> other == node, ask).thenApply(replies -> replies.get(node));
    }

    /** Has a node say something else of itself, if it says what was seen; there is more to do at once, unless it cannot be reached. */
    static CompletionStage<Round.Result> exchange(Quorum quorum, int node, Seen seen, Marker next) {
        return one(quorum, node, one -> quorum.membership(one).exchange(seen.text(), next))
                .thenApply(reply ->
                        reply instanceof NodeReply.Unavailable ? Round.Result.in(Round.LATER) : Round.Result.AGAIN);
    }

    private void note(int node, NodeReply reply) {
        boolean last;
        synchronized (this) {
            last = replies[node] == null && --awaited == 0;
            replies[node] = reply;
        }
        if (last) {
            finish("was not asked");
        }
    }

    private void finish(String reasonForTheRest) {
        List<NodeReply> complete =
                new ArrayList<>(Collections.nCopies(replies.length, new NodeReply.Unavailable(reasonForTheRest)));
        synchronized (this) {
            List<@Nullable NodeReply> known = Arrays.asList(replies);
            for (int i = 0; i < replies.length; i++) {
                NodeReply reply = known.get(i);
                if (reply != null) {
                    complete.set(i, reply);
                }
            }
        }
        all.complete(complete);
    }
}
