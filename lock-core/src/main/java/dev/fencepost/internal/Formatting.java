package dev.fencepost.internal;

import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.QuorumLocks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Makes a cluster of nodes by the word of somebody who knows that none is there, or that too little of it is left. All nodes have to be there. */
final class Formatting {
    private static final int MOST_PASSES = 5;

    private final Quorum quorum;
    private final long floor;

    private Formatting(Quorum quorum, long floor) {
        this.quorum = quorum;
        this.floor = floor;
    }

    /** Formats the nodes, and waits until it is done. */
    public static void run(QuorumLocks.Nodes nodes, LockSettings settings, Environment environment, long floor) {
        Formatting formatting = new Formatting(new Quorum(nodes, settings, environment, EventSink.NONE), floor);
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            if (Waiting.await(formatting.pass().toCompletableFuture(), "format the nodes")) {
                return;
            }
        }
        throw new IllegalStateException("somebody else is at the same nodes; see what they have become, and try again");
    }

    /** Completes with whether all nodes are ready in one new cluster. */
    private CompletionStage<Boolean> pass() {
        return Diagnosis.look(quorum, node -> true).thenCompose(looks -> {
            List<Diagnosis> found = Diagnosis.within(looks, quorum.roster());
            requireFree(found);
            boolean all = found.stream().allMatch(Diagnosis.Waiting.class::isInstance);
            return all ? format(found) : makeAllWait(found);
        });
    }

    private void requireFree(List<Diagnosis> found) {
        Map<String, String> silent = new TreeMap<>();
        Map<String, String> refused = new TreeMap<>();
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i) instanceof Diagnosis.Silent gone) {
                silent.put(quorum.name(i), gone.why());
            } else if (found.get(i) instanceof Diagnosis.Refused other) {
                refused.put(quorum.name(i), other.why());
            }
        }
        if (!silent.isEmpty()) {
            throw new QuorumUnavailableException("all nodes are needed to format them", silent);
        }
        if (!refused.isEmpty()) {
            throw new IllegalStateException("the nodes cannot be formatted: " + refused);
        }
        List<Optional<Marker>> ready = found.stream().map(Diagnosis::ready).toList();
        if (Established.of(ready, ready, one -> true).isPresent()) {
            throw new IllegalStateException(
                    "a quorum of the nodes makes a cluster already, and brings the others back by itself: "
                            + quorum.names());
        }
    }

    private CompletionStage<Boolean> makeAllWait(List<Diagnosis> found) {
        return Gather.of(quorum, node -> !(found.get(node) instanceof Diagnosis.Waiting), node -> {
                    Diagnosis one = found.get(node);
                    Diagnosis.Forgotten forgotten = one.ready()
                            .or(one::moving)
                            .map(marker -> new Diagnosis.Forgotten(
                                    Optional.of(marker), one.sight().orElseThrow(), "it is formatted"))
                            .orElseGet(() -> (Diagnosis.Forgotten) one);
                    Marker marker = Markers.waiting(forgotten, quorum, node);
                    return quorum.membership(node).exchange(forgotten.seen().text(), marker);
                })
                .thenApply(replies -> false);
    }

    private CompletionStage<Boolean> format(List<Diagnosis> found) {
        List<Diagnosis.Waiting> waiting =
                found.stream().map(Diagnosis.Waiting.class::cast).toList();
        long from =
                waiting.stream().mapToLong(one -> one.marker().numbers().mark()).reduce(floor, Math::max);
        String epoch =
                Epoch.formatted(waiting.stream().map(one -> one.marker().life()).toList(), from);
        return Gather.of(
                        quorum,
                        node -> true,
                        node -> quorum.membership(node)
                                .exchange(
                                        waiting.get(node).seen().text(),
                                        Markers.formatted(waiting.get(node), epoch, from)))
                .thenApply(replies -> replies.stream().allMatch(NodeReply.Done.class::isInstance));
    }
}
