package dev.fencepost.chaos.check;

import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Vote;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tokens: unique, and in order, whatever clocks, pauses, messages and nodes do. */
final class TokenChecks {
    private TokenChecks() {}

    static void unique(History history, Findings findings) {
        for (List<LeaseFact> leases : byResource(history).values()) {
            for (int i = 1; i < leases.size(); i++) {
                LeaseFact older = leases.get(i - 1);
                LeaseFact newer = leases.get(i);
                findings.expect(
                        older.holder().token() != newer.holder().token(),
                        () -> older.holder() + " of " + older.worker() + " and " + newer.holder() + " of "
                                + newer.worker() + " have one number");
            }
        }
    }

    /** From the largest token down: whatever has a larger one must not have been completed before this one began. */
    static void callOrder(History history, Findings findings) {
        for (List<LeaseFact> leases : byResource(history).values()) {
            LeaseFact first = null;
            for (int i = leases.size() - 1; i >= 0; i--) {
                LeaseFact lease = leases.get(i);
                if (first != null) {
                    LeaseFact larger = first;
                    findings.expect(
                            larger.asked().to() >= lease.asked().from(),
                            () -> lease.holder() + " began when " + larger.holder() + " was completed");
                }
                if (first == null || lease.asked().to() < first.asked().to()) {
                    first = lease;
                }
            }
        }
    }

    /**
     * At one node the grants of a resource are numbered by its counter, so their numbers are the order of the holds there, and a hold that follows one which counted for a token begins with a larger number. Several leases
     * may have one hold, one after the other.
     */
    static void holdOrder(History history, Findings findings) {
        record Hold(long grant, LeaseFact lease) {}
        for (List<LeaseFact> leases : byResource(history).values()) {
            Map<Integer, List<Hold>> holds = new HashMap<>();
            for (LeaseFact lease : leases) {
                for (Vote vote : lease.votes()) {
                    if (vote.counted()) {
                        holds.computeIfAbsent(vote.node(), node -> new ArrayList<>())
                                .add(new Hold(vote.grant(), lease));
                    }
                }
            }
            // Leases are in the order of their tokens, so the holds at each node have to be, too.
            holds.forEach((node, at) -> {
                for (int i = 1; i < at.size(); i++) {
                    Hold older = at.get(i - 1);
                    Hold newer = at.get(i);
                    findings.expect(
                            isOneHold(older.lease(), newer.lease())
                                    || older.lease().holder().token() < newer.grant(),
                            () -> "node " + node + " granted " + newer.lease().holder() + " as " + newer.grant()
                                    + ", and " + older.lease().holder() + " not before, as " + older.grant());
                }
            });
        }
    }

    private static boolean isOneHold(LeaseFact older, LeaseFact newer) {
        return older.holder().owner().equals(newer.holder().owner());
    }

    static void coverage(History history, Findings findings) {
        for (LeaseFact lease : history.leases()) {
            if (!lease.votes().isEmpty()) {
                long reached = lease.votes().stream()
                        .filter(vote ->
                                vote.counted() && vote.grant() <= lease.holder().token())
                        .map(Vote::node)
                        .distinct()
                        .count();
                findings.expect(
                        reached >= history.world().quorum(),
                        () -> lease.holder() + " was reached by " + reached + " nodes alone: " + lease.votes());
            }
        }
    }

    /** The leases of each resource in the order of their tokens. */
    static Map<String, List<LeaseFact>> byResource(History history) {
        Map<String, List<LeaseFact>> leases = new HashMap<>();
        for (LeaseFact lease : history.leases()) {
            leases.computeIfAbsent(lease.holder().resource(), resource -> new ArrayList<>())
                    .add(lease);
        }
        leases.values()
                .forEach(all -> all.sort(
                        Comparator.comparingLong(lease -> lease.holder().token())));
        return leases;
    }
}
