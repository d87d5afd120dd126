package dev.fencepost.internal;

import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeRequest.View;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The next step for one node that has forgotten, given how all nodes were found in a round. */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    /** Clients whose waits end at the same moment look at different ones, so that one is mostly done before the next begins. */
    private static final long SPREAD_MILLIS = 40;

    private static final long MOST_MILLIS = 5_000;

    private final Quorum quorum;
    private final Roster roster;
    private final Returns returns;
    private final List<Diagnosis> nodes;

    /**
     * Prepares the next steps.
     *
     * @param nodes how all nodes were found, within the roster of this moment
     */
    Recovery(Quorum quorum, Returns returns, List<Diagnosis> nodes) {
        this.quorum = quorum;
        this.roster = quorum.roster();
        this.returns = returns;
        this.nodes = nodes;
    }

    /** A node is ready in a cluster that is no more: whatever it knows is of no use. */
    CompletionStage<Round.Result> outlive(int node, Diagnosis.Ready ready) {
        return makeWait(node, new Diagnosis.Forgotten(Optional.empty(), ready.seen(), Diagnosis.OUTLIVED));
    }

    /** Makes a node wait, or brings it back if it has waited for long enough. */
    CompletionStage<Round.Result> bringBack(int node) {
        if (nodes.get(node) instanceof Diagnosis.Forgotten forgotten) {
            return makeWait(node, forgotten);
        }
        Diagnosis.Waiting waiting = (Diagnosis.Waiting) nodes.get(node);
        // Whoever has known the cluster knows that these nodes were not always blank, and that tokens would repeat.
        boolean mayFormat = quorum.settings().recovery().formatBlank() && !roster.isSeen();
        Optional<Marker> formatted = Formation.of(nodes, roster).markerFor(waiting, mayFormat);
        if (formatted.isPresent()) {
            LOG.warn(
                    "{} becomes a part of a new cluster of {}, all of whose nodes were blank",
                    quorum.name(node),
                    roster.members());
            return Gather.exchange(quorum, node, waiting.seen(), formatted.get());
        }
        if (isBlank(waiting)) {
            return awaitOthers(node);
        }
        returns.forgotten(node, "it waits to be brought back");
        long longest = longestMillis(waiting);
        long left = leftMillis(waiting, longest);
        if (left > 0) {
            return stayOut(node, waiting, left, left > longest);
        }
        long others = ready().count();
        int needed = roster.quorum();
        if (others >= needed) {
            return join(node, waiting);
        }
        if (remembers(waiting) && others + remembering(waiting).size() >= needed) {
            return resume(node, waiting);
        }
        quorum.membership(node).hold(Returns.tooFew(others, needed));
        return Round.Result.after(Round.LATER);
    }

    private CompletionStage<Round.Result> stayOut(int node, Diagnosis.Waiting waiting, long left, boolean anew) {
        quorum.membership(node)
                .hold("it has forgotten what it granted, and stays out for " + left
                        + " ms more, until no such lease is left");
        returns.quarantined(node, waiting.marker(), Duration.ofMillis(left));
        return anew
                ? Gather.exchange(quorum, node, waiting.seen(), waiting.marker())
                : Round.Result.after(checkBack(quorum, left));
    }

    /** Whether there is no sign of a cluster that the node was ever a part of. */
    private boolean isBlank(Diagnosis.Waiting waiting) {
        return ready().findAny().isEmpty() && waiting.isBlank() && !roster.isSeen();
    }

    private CompletionStage<Round.Result> awaitOthers(int node) {
        quorum.membership(node)
                .hold(
                        quorum.settings().recovery().formatBlank()
                                ? "it is blank, and a cluster is made of blank nodes only when all of them can be reached"
                                : "it is blank, and no other node is ready; if the nodes were never used, make a cluster of them with format(), once");
        return Round.Result.after(Round.LATER);
    }

    /** How much longer a node that waits has to stay out; none if it was never a part of a cluster. */
    Duration left(Diagnosis.Waiting waiting) {
        return isBlank(waiting)
                ? Duration.ZERO
                : Duration.ofMillis(Math.max(0, leftMillis(waiting, longestMillis(waiting))));
    }

    private Stream<Marker> ready() {
        return nodes.stream().flatMap(found -> found.ready().stream());
    }

    /** The nodes of the same cluster, this one included, that have restarted and forgotten nothing. */
    private List<Marker> remembering(Diagnosis.Waiting waiting) {
        return nodes.stream()
                .filter(found -> found instanceof Diagnosis.Waiting other && remembers(other))
                .map(found -> ((Diagnosis.Waiting) found).marker())
                .filter(marker -> marker.identity()
                        .epoch()
                        .equals(waiting.marker().identity().epoch()))
                .toList();
    }

    /**
     * Lets a node take part again that has forgotten nothing, by the word of whoever looks after its disk, where too few are left to catch up from. As a second net it starts from where the others are that can be
     * asked.
     */
    private CompletionStage<Round.Result> resume(int node, Diagnosis.Waiting waiting) {
        String epoch = waiting.marker().identity().epoch();
        List<Marker> remembering = remembering(waiting);
        IntPredicate asked = other -> nodes.get(other)
                .ready()
                .filter(marker -> marker.identity().epoch().equals(epoch))
                .isPresent();
        long view = newerView(remembering.stream());
        long longest = longestMillis(waiting);
        return Gather.of(quorum, asked, other -> quorum.membership(other).advance(view, longest))
                .thenCompose(replies -> {
                    Join join = marked(Join.of(nodes.size(), roster, node, view), replies);
                    for (int i = 0; i < nodes.size(); i++) {
                        if (asked.test(i) && !join.isMarked(i)) {
                            return soon();
                        }
                        if (nodes.get(i) instanceof Diagnosis.Waiting other && remembering.contains(other.marker())) {
                            join = join.marked(
                                    i,
                                    other.marker().life(),
                                    other.marker().numbers().mark());
                        }
                    }
                    LOG.warn(
                            "{} has restarted and takes part again without catching up from a quorum, since its disk is vouched for",
                            quorum.name(node));
                    return Gather.exchange(
                            quorum, node, waiting.seen(), Markers.joined(waiting, join, epoch, longest, true));
                });
    }

    private static Join marked(Join join, List<NodeReply> replies) {
        Join marked = join;
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i) instanceof NodeReply.Advanced told) {
                marked = marked.marked(
                        i, told.marker().life(), told.marker().numbers().mark());
            }
        }
        return marked;
    }

    private CompletionStage<Round.Result> makeWait(int node, Diagnosis.Forgotten found) {
        boolean fresh = found.seen().text().isEmpty() && !roster.isSeen();
        if (!fresh) {
            returns.forgotten(node, found.why());
        }
        quorum.membership(node).hold("it has forgotten what it granted: " + found.why());
        Marker marker = Markers.waiting(found, quorum, node);
        return Gather.one(
                        quorum,
                        node,
                        one -> quorum.membership(one).exchange(found.seen().text(), marker))
                .thenApply(reply -> {
                    if (reply instanceof NodeReply.Unavailable gone) {
                        quorum.membership(node).hold(gone.reason());
                        return Round.Result.in(Round.LATER);
                    }
                    return Round.Result.AGAIN;
                });
    }

    /** A view newer than any that this client, a node that is ready, or one of these knows of. */
    private long newerView(Stream<Marker> others) {
        return 1
                + Stream.concat(ready(), others)
                        .mapToLong(marker -> marker.numbers().view())
                        .reduce(roster.view().number(), Math::max);
    }

    private CompletionStage<Round.Result> join(int node, Diagnosis.Waiting waiting) {
        long view = newerView(Stream.of(waiting.marker()));
        long longest = longestMillis(waiting);
        return Gather.of(
                        quorum,
                        other -> nodes.get(other).ready().isPresent(),
                        other -> quorum.membership(other).advance(view, longest))
                .thenCompose(replies -> {
                    Join join = marked(Join.of(nodes.size(), roster, node, view), replies);
                    return join.hasMarks() ? establish(waiting, join, replies) : soon();
                });
    }

    private CompletionStage<Round.Result> establish(Diagnosis.Waiting waiting, Join marked, List<NodeReply> told) {
        return Diagnosis.look(quorum, marked::isMarked).thenCompose(found -> {
            Join join = marked;
            for (int i = 0; i < found.size(); i++) {
                Optional<Marker> now = found.get(i).ready();
                join = now.isPresent() ? join.seen(i, now.get().life()) : join;
            }
            return join.isEstablished() ? finish(waiting, join, told) : soon();
        });
    }

    private CompletionStage<Round.Result> finish(Diagnosis.Waiting waiting, Join join, List<NodeReply> told) {
        long longest = longestMillis(waiting);
        String epoch = roster.view().epoch();
        for (NodeReply reply : told) {
            if (reply instanceof NodeReply.Advanced advanced) {
                longest = Math.max(longest, advanced.marker().terms().longestMillis());
                if (!advanced.marker().identity().epoch().equals(epoch)) {
                    return Round.Result.after(Round.LATER);
                }
            }
        }
        quorum.learn(new Established(new View(epoch, join.view()), roster.members()));
        if (leftMillis(waiting, longest) > 0) {
            // Somebody asks for longer leases than was known: it has to wait for those, too.
            return CompletableFuture.completedStage(Round.Result.AGAIN);
        }
        return Gather.exchange(
                quorum, join.node(), waiting.seen(), Markers.joined(waiting, join, epoch, longest, remembers(waiting)));
    }

    /** The longest lease that any node knows of that could be asked. */
    private long longestMillis(Diagnosis.Waiting waiting) {
        long own = Math.max(
                quorum.settings().leases().longest().toMillis(),
                waiting.marker().terms().longestMillis());
        return ready().mapToLong(marker -> marker.terms().longestMillis()).reduce(own, Math::max);
    }

    private long leftMillis(Diagnosis.Waiting waiting, long longestMillis) {
        long waited = waiting.seen().nowMillis() - waiting.marker().terms().sinceMillis();
        return remembers(waiting) ? 0 : longestMillis - waited;
    }

    /** Whether it has forgotten nothing: by what it shows of itself, and by the word of whoever looks after its disk. */
    private boolean remembers(Diagnosis.Waiting waiting) {
        LockSettings.Recovery recovery = quorum.settings().recovery();
        return recovery.durable()
                && waiting.marker().terms().kept()
                && waiting.seen().condition().durable();
    }

    /** Two clients that were in each other's way must not be so again. */
    private CompletionStage<Round.Result> soon() {
        return Round.Result.after(Round.SOON.plusMillis(spread(quorum)));
    }

    /** Somebody may make it ready earlier, and nobody would tell. (Left is more than all if its clock was set back: to be written down once more begins the wait anew.) */
    static Duration checkBack(Quorum quorum, long left) {
        return Duration.ofMillis(Math.min(left, MOST_MILLIS) + spread(quorum));
    }

    private static long spread(Quorum quorum) {
        return quorum.environment().jitter().nextLong(SPREAD_MILLIS);
    }
}
