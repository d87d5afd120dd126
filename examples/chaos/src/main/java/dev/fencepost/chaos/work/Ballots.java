package dev.fencepost.chaos.work;

import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Span;
import dev.fencepost.chaos.history.Vote;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What nodes did for the attempts of one client, as long as an attempt or its lease lasts. Safe for use by many threads. */
final class Ballots {
    private final int quorum;
    private final Map<String, Ballot> open = new ConcurrentHashMap<>();

    Ballots(int nodes) {
        this.quorum = nodes / 2 + 1;
    }

    /** One attempt. */
    private static final class Ballot {
        private final Map<Integer, Long> sent = new ConcurrentHashMap<>();
        private final Map<Integer, Vote> granted = new ConcurrentHashMap<>();
        private final Map<Integer, Long> raised = new ConcurrentHashMap<>();
    }

    void sending(String owner, int node) {
        open.computeIfAbsent(owner, fresh -> new Ballot()).sent.putIfAbsent(node, System.nanoTime());
    }

    /** Whether this grant is the one that makes a quorum. */
    boolean granted(String owner, int node, long value) {
        Ballot ballot = open.get(owner);
        if (ballot == null) {
            return false;
        }
        long now = System.nanoTime();
        ballot.granted.put(node, new Vote(node, value, false, new Span(ballot.sent.getOrDefault(node, now), now)));
        return ballot.granted.size() == quorum;
    }

    void raised(String owner, int node, long token) {
        Ballot ballot = open.get(owner);
        if (ballot != null) {
            ballot.raised.put(node, token);
        }
    }

    void forget(String owner) {
        open.remove(owner);
    }

    /** When the first request was about to be sent. */
    long firstSend(String owner) {
        return Optional.ofNullable(open.get(owner))
                .flatMap(ballot -> ballot.sent.values().stream().min(Long::compare))
                .orElse(LeaseFact.UNSEEN);
    }

    /** What nodes have done so far. */
    List<Vote> votes(String owner, long token) {
        Ballot ballot = open.get(owner);
        if (ballot == null) {
            return List.of();
        }
        return ballot.granted.values().stream()
                .map(vote -> new Vote(vote.node(), vote.grant(), counts(ballot, vote, token), vote.exchange()))
                .toList();
    }

    private static boolean counts(Ballot ballot, Vote vote, long token) {
        boolean reached = vote.grant() == token || ballot.raised.getOrDefault(vote.node(), 0L) == token;
        return vote.grant() <= token && reached;
    }
}
