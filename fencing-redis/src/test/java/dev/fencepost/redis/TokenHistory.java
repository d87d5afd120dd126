package dev.fencepost.redis;

import dev.fencepost.FencingToken;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every token that was handed out, and what the nodes had said about it; finds what is wrong with them.
 *
 * <p>At one node the grants of a resource are numbered by its counter, so the first numbers that they took are the order of the holds there. A node counts for a token if its counter was not
 * beyond it when the hold began, and reached it while it lasted: every later hold has to begin beyond it.
 */
final class TokenHistory {
    private record Acquired(FencingToken token, long began, long ended) {}

    private record Counted(long first, FencingToken token) {}

    /** The numbers that one grant took. */
    private record Range(long first, long last) {
        boolean reaches(long token) {
            return first <= token && token <= last;
        }
    }

    private final List<Map<String, Range>> grants = new ArrayList<>();
    private final List<Map<String, Long>> raises = new ArrayList<>();
    private final Queue<Acquired> acquired = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unavailable = new AtomicInteger();

    TokenHistory(int nodes) {
        for (int i = 0; i < nodes; i++) {
            grants.add(new ConcurrentHashMap<>());
            raises.add(new ConcurrentHashMap<>());
        }
    }

    /** What one node said. */
    record Recorder(Map<String, Range> grants, Map<String, Long> raises) {
        void granted(NodeRequest request, NodeReply reply) {
            if (reply instanceof NodeReply.Granted granted) {
                grants.put(request.owner(), new Range(granted.token() - request.tokens() + 1, granted.token()));
            }
        }

        void raised(NodeRequest request, long token, NodeReply reply) {
            if (reply instanceof NodeReply.Done) {
                raises.put(request.owner(), token);
            }
        }
    }

    Recorder recorder(int node) {
        return new Recorder(grants.get(node), raises.get(node));
    }

    void acquired(FencingToken token, long began, long ended) {
        acquired.add(new Acquired(token, began, ended));
    }

    void unavailable() {
        unavailable.incrementAndGet();
    }

    int size() {
        return acquired.size();
    }

    int timesUnavailable() {
        return unavailable.get();
    }

    /** How many nodes had to be raised, over all acquisitions: nothing is shown by a run in which the counters never fell apart. */
    int raised() {
        return raises.stream().mapToInt(Map::size).sum();
    }

    /** How many leases took over what another one had held, by tokens of one attempt. */
    int takenOver() {
        Set<String> attempts = new HashSet<>();
        acquired.forEach(a -> attempts.add(a.token().owner()));
        return acquired.size() - attempts.size();
    }

    /** What is wrong, in words; empty if nothing is. */
    List<String> violations() {
        List<String> found = new ArrayList<>();
        Map<String, List<Acquired>> byResource = new HashMap<>();
        acquired.forEach(a -> byResource
                .computeIfAbsent(a.token().resource(), resource -> new ArrayList<>())
                .add(a));
        byResource.values().forEach(all -> {
            found.addAll(notUnique(all));
            found.addAll(notInCallOrder(all));
            for (int node = 0; node < grants.size(); node++) {
                found.addAll(notInHoldOrder(all, node));
            }
        });
        return found;
    }

    private static List<String> notUnique(List<Acquired> all) {
        List<String> found = new ArrayList<>();
        Map<Long, Acquired> seen = new HashMap<>();
        for (Acquired one : all) {
            if (seen.put(one.token().value(), one) != null) {
                found.add(one.token() + " was handed out twice");
            }
        }
        return found;
    }

    private static List<String> notInCallOrder(List<Acquired> all) {
        List<String> found = new ArrayList<>();
        List<Acquired> byEnd = new ArrayList<>(all);
        byEnd.sort(Comparator.comparingLong(Acquired::ended));
        List<Acquired> byBegin = new ArrayList<>(all);
        byBegin.sort(Comparator.comparingLong(Acquired::began));
        long largest = 0;
        int ended = 0;
        for (Acquired one : byBegin) {
            while (byEnd.get(ended).ended() - one.began() < 0) {
                largest = Math.max(largest, byEnd.get(ended).token().value());
                ended++;
            }
            if (one.token().value() <= largest) {
                found.add(one.token() + " was handed out after " + largest);
            }
        }
        return found;
    }

    private List<String> notInHoldOrder(List<Acquired> all, int node) {
        List<Counted> counted = new ArrayList<>();
        for (Acquired one : all) {
            Range grant = grants.get(node).get(one.token().owner());
            long raised = raises.get(node).getOrDefault(one.token().owner(), 0L);
            long token = one.token().value();
            if (grant != null && (grant.reaches(token) || new Range(grant.first(), raised).reaches(token))) {
                counted.add(new Counted(grant.first(), one.token()));
            }
        }
        counted.sort(Comparator.comparingLong(Counted::first)
                .thenComparing(one -> one.token().value()));
        List<String> found = new ArrayList<>();
        for (int i = 1; i < counted.size(); i++) {
            Counted older = counted.get(i - 1);
            Counted newer = counted.get(i);
            boolean sameHold = newer.token().owner().equals(older.token().owner());
            if (!sameHold && newer.first() <= older.token().value()) {
                found.add("at node " + node + " a hold of " + newer.token() + " began with " + newer.first()
                        + " after one of " + older.token());
            }
        }
        return found;
    }
}
