package dev.fencepost.chaos.work;

import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Span;
import dev.fencepost.chaos.history.Vote;
import dev.fencepost.spi.NodeRequest;
import java.util.ArrayList;
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

    /**
     * What a node answered.
     *
     * @param first of the numbers that the grant took
     * @param last of them
     * @param exchange from before it was sent until its answer was there
     */
    private record Grant(long first, long last, Span exchange) {}

    /** One attempt. */
    private static final class Ballot {
        private final Map<Integer, Long> sent = new ConcurrentHashMap<>();
        private final Map<Integer, Grant> granted = new ConcurrentHashMap<>();
        private final Map<Integer, Long> raised = new ConcurrentHashMap<>();
    }

    void sending(String owner, int node) {
        open.computeIfAbsent(owner, fresh -> new Ballot()).sent.putIfAbsent(node, System.nanoTime());
    }

    /** Whether this grant is the one that makes a quorum. */
    boolean granted(NodeRequest request, int node, long last) {
        Ballot ballot = open.get(request.owner());
        if (ballot == null) {
            return false;
        }
        long now = System.nanoTime();
        Span exchange = new Span(ballot.sent.getOrDefault(node, now), now);
        ballot.granted.put(node, new Grant(last - request.tokens() + 1, last, exchange));
        return ballot.granted.size() == quorum;
    }

    void raised(String owner, int node, long token) {
        Ballot ballot = open.get(owner);
        if (ballot != null) {
            ballot.raised.put(node, token);
        }
    }

    /** To be called when the attempt or the last of its leases is over: what the nodes did counts for every lease that takes over before. */
    void forget(String owner) {
        open.remove(owner);
    }

    /** When the first request was about to be sent. */
    long firstSend(String owner) {
        return Optional.ofNullable(open.get(owner))
                .flatMap(ballot -> ballot.sent.values().stream().min(Long::compare))
                .orElse(LeaseFact.UNSEEN);
    }

    /** What nodes have done so far for one token of the attempt. */
    List<Vote> votes(String owner, long token) {
        Ballot ballot = open.get(owner);
        if (ballot == null) {
            return List.of();
        }
        List<Vote> votes = new ArrayList<>();
        ballot.granted.forEach((node, grant) -> {
            long reached = Math.max(grant.last(), ballot.raised.getOrDefault(node, 0L));
            votes.add(new Vote(node, grant.first(), grant.first() <= token && reached >= token, grant.exchange()));
        });
        return votes;
    }
}
