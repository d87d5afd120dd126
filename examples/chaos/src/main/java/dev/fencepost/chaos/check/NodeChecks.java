package dev.fencepost.chaos.check;

import dev.fencepost.chaos.history.FaultFact;
import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.NodeFact;
import dev.fencepost.chaos.history.Span;
import dev.fencepost.chaos.history.Vote;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Nodes, as an observer saw them. */
final class NodeChecks {
    /** What an observer's and a node's reading of one time may differ by. */
    private static final long SLACK = Duration.ofMillis(100).toNanos();

    private NodeChecks() {}

    private record Place(int node, String process, String resource) {}

    static void countersNeverFall(History history, Findings findings) {
        Map<Place, Long> last = new HashMap<>();
        for (NodeFact fact : history.nodes()) {
            if (fact instanceof NodeFact.Counter counter) {
                Place place = new Place(counter.node(), counter.process(), counter.resource());
                Long before = last.put(place, counter.value());
                if (before != null) {
                    findings.expect(
                            before <= counter.value(),
                            () -> "the counter of " + counter.resource() + " on node " + counter.node() + " fell from "
                                    + before + " to " + counter.value());
                }
            }
        }
    }

    static void noVoteBeforeRejoin(History history, Findings findings) {
        // A node is seen again and again to be not ready since the same moment: the longest span has all.
        Map<Integer, Map<Long, Span>> notReady = new HashMap<>();
        for (NodeFact fact : history.nodes()) {
            if (fact instanceof NodeFact.NotReady seen) {
                notReady.computeIfAbsent(seen.node(), node -> new HashMap<>())
                        .merge(seen.span().from(), seen.span(), (one, other) -> one.to() < other.to() ? other : one);
            }
        }
        for (LeaseFact lease : history.leases()) {
            for (Vote vote : lease.votes()) {
                Map<Long, Span> spans = notReady.getOrDefault(vote.node(), Map.of());
                findings.expect(
                        spans.values().stream().noneMatch(span -> within(vote.exchange(), span)),
                        () -> lease.holder() + " counts node " + vote.node() + ", which was not ready all the time");
            }
        }
    }

    /** A lock that was to live longer, on a node that did not restart, is still its owner's, unless the owner has closed it. */
    static void onlyOwnLocks(History history, Findings findings) {
        Map<String, List<LeaseFact>> leases = history.leases().stream()
                .collect(Collectors.groupingBy(lease -> lease.holder().owner()));
        Map<Place, NodeFact.Lock> last = new HashMap<>();
        for (NodeFact fact : history.nodes()) {
            if (fact instanceof NodeFact.Lock now) {
                NodeFact.Lock before = last.put(new Place(now.node(), now.process(), now.resource()), now);
                if (before == null || jumped(history, before, now)) {
                    continue;
                }
                leases.getOrDefault(before.owner(), List.of()).stream()
                        .filter(lease -> countsOn(lease, before, now))
                        .findFirst()
                        .ifPresent(lease ->
                                findings.expect(now.owner().equals(before.owner()), () -> told(lease, before, now)));
            }
        }
    }

    private static String told(LeaseFact lease, NodeFact.Lock before, NodeFact.Lock now) {
        return "the lock of " + lease.holder() + " on node " + now.node() + " was "
                + (now.owner().isEmpty() ? "gone" : "another owner's") + " "
                + (before.until() - now.seen().to()) / 1_000_000 + " ms before its time";
    }

    /** But for nodes whose clocks were set back, where locks live longer by that. */
    static void nothingLeft(History history, Findings findings) {
        Set<String> setBack = history.world().faults().stream()
                .filter(fault -> fault.kind().equals(FaultFact.CLOCK_JUMP_BACK))
                .map(FaultFact::target)
                .collect(Collectors.toSet());
        history.leases().forEach(lease -> findings.expect(true, String::new));
        for (NodeFact fact : history.nodes()) {
            if (fact instanceof NodeFact.Residue residue && !setBack.contains("node " + residue.node())) {
                findings.expect(false, () -> "node " + residue.node() + " still has " + residue.key());
            }
        }
    }

    /** Whether the holder was still using the lock, or was still to take it over, when the node was seen again, and it was still to live. */
    private static boolean countsOn(LeaseFact lease, NodeFact.Lock before, NodeFact.Lock now) {
        return now.seen().to() < lease.used().to()
                && now.seen().to() < lease.terms().closing()
                && now.seen().to() < before.until() - SLACK;
    }

    private static boolean jumped(History history, NodeFact.Lock before, NodeFact.Lock now) {
        Span between = new Span(before.seen().from(), now.seen().to());
        return history.world().faults().stream()
                .anyMatch(fault -> fault.isOfClocks() && fault.span().touches(between));
    }

    private static boolean within(Span inner, Span outer) {
        return outer.from() <= inner.from() && inner.to() <= outer.to();
    }
}
