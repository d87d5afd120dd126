package dev.fencepost.internal;

import dev.fencepost.LockEvent;
import dev.fencepost.spi.NodeReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the nodes said in one attempt, besides what the {@link Ballot} counts. Guarded by the attempt, and constant once that is decided. */
final class Replies {
    private static final long NONE = -1;

    private final Quorum quorum;
    private final Roster roster;
    private final String resource;
    private final long sentNanos;
    private final @Nullable String[] reasons;
    private final long[] latencies;
    private long heldMillis = Long.MAX_VALUE;
    private long newerView;

    Replies(Quorum quorum, Roster roster, String resource, long sentNanos) {
        this.quorum = quorum;
        this.roster = roster;
        this.resource = resource;
        this.sentNanos = sentNanos;
        this.reasons = new String[quorum.size()];
        this.latencies = new long[quorum.size()];
        Arrays.fill(latencies, NONE);
    }

    void note(int node, NodeReply reply) {
        if (!roster.isMember(node)) {
            return;
        }
        latencies[node] = quorum.nanoTime() - sentNanos;
        if (reply instanceof NodeReply.Held held) {
            heldMillis = Math.min(heldMillis, held.remainingMillis());
        } else if (reply instanceof NodeReply.NewerView newer) {
            newerView = Math.max(newerView, newer.view());
        } else if (reply instanceof NodeReply.Exhausted
                || reply instanceof NodeReply.Unavailable
                || reply instanceof NodeReply.Forgotten) {
            reasons[node] = reason(reply);
        }
    }

    /** Why a node did not do what it was asked, for people. */
    static String reason(NodeReply reply) {
        if (reply instanceof NodeReply.Unavailable unavailable) {
            return unavailable.reason();
        }
        if (reply instanceof NodeReply.Exhausted exhausted) {
            return "its counter is at its end: " + exhausted.counter();
        }
        return reply instanceof NodeReply.Forgotten
                ? "it has forgotten what it granted, or its set of nodes was changed"
                : "answered " + reply;
    }

    void noteSilence(int node) {
        reasons[node] = quorum.noAnswer();
    }

    /** The newest view that a node named to refuse, or 0. */
    long newerView() {
        return newerView;
    }

    /** How long the locks in the way live at least, or {@link Long#MAX_VALUE}. */
    long heldMillis() {
        return heldMillis;
    }

    private Optional<Duration> heldFor() {
        return heldMillis == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofMillis(heldMillis));
    }

    Map<String, String> reasons() {
        return quorum.named(reasons);
    }

    Outcome tooFew() {
        return unavailable(
                "fewer than " + roster.quorum() + " of " + roster.members().size() + " nodes took part");
    }

    Outcome tooLate(long ttlMillis) {
        return unavailable("a quorum took part, but only when nothing of the lease of " + ttlMillis + " ms was left");
    }

    private Outcome unavailable(String what) {
        return new Outcome.Unavailable("'" + resource + "' could not be locked: " + what, reasons());
    }

    /** Tells listeners how the attempt has ended. */
    void report(LockEvent.Result result, Ballot last) {
        Duration took = Duration.ofNanos(quorum.nanoTime() - sentNanos);
        quorum.events().emit(() -> new LockEvent.Attempted(resource, result, votes(last), took, heldFor()));
    }

    private List<LockEvent.NodeVote> votes(Ballot ballot) {
        List<LockEvent.NodeVote> votes = new ArrayList<>(quorum.size());
        for (int i = 0; i < quorum.size(); i++) {
            Optional<Duration> latency =
                    latencies[i] == NONE ? Optional.empty() : Optional.of(Duration.ofNanos(latencies[i]));
            if (roster.isMember(i)) {
                votes.add(new LockEvent.NodeVote(quorum.name(i), ballot.vote(i), latency));
            }
        }
        return votes;
    }
}
