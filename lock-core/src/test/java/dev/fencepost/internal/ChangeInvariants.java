package dev.fencepost.internal;

import dev.fencepost.internal.ChangeWorld.Attempt;
import dev.fencepost.internal.ChangeWorld.Change;
import dev.fencepost.internal.ChangeWorld.Hold;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;

/** What must hold in every state of a {@link ChangeModel}: the invariants of {@code docs/spec/Members.tla}. */
final class ChangeInvariants {
    /** What must hold; what the first four are is said at {@link Invariant}. */
    enum Rule {
        UNIQUE,
        CALL_ORDER,
        HOLD_ORDER,
        COVERAGE,
        /** A cluster becomes one other at most. */
        ONE_SUCCESSOR,
        /** What the counters of the next set of nodes start from is not smaller than any complete token of the one before. */
        FLOOR_COVERS
    }

    private final ChangeClients clients;
    private final ChangeWorld world;
    private final Set<Rule> broken = EnumSet.noneOf(Rule.class);

    ChangeInvariants(ChangeClients clients, ChangeWorld world) {
        this.clients = clients;
        this.world = world;
    }

    /** Those that do not hold. */
    Set<Rule> broken() {
        for (int a = 0; a < ChangeWorld.ATTEMPTS; a++) {
            if (clients.isComplete(world.attempts.get(a))) {
                complete(a);
            }
        }
        for (Change one : world.decided) {
            for (Change other : world.decided) {
                if (one.epoch().equals(other.epoch()) && !one.to().equals(other.to())) {
                    broken.add(Rule.ONE_SUCCESSOR);
                }
            }
        }
        return broken;
    }

    private void complete(int a) {
        Attempt attempt = world.attempts.get(a);
        if (attempt.token() <= attempt.base()) {
            broken.add(Rule.CALL_ORDER);
        }
        int members = attempt.epoch().get(attempt.epoch().size() - 1).size();
        if (covered(a) < Ballot.quorum(members)) {
            broken.add(Rule.COVERAGE);
        }
        boolean passed = world.decided.stream()
                .anyMatch(change -> change.epoch().equals(attempt.epoch()) && change.floor() < attempt.token());
        if (passed) {
            broken.add(Rule.FLOOR_COVERS);
        }
        for (int b = 0; b < a; b++) {
            if (clients.isComplete(world.attempts.get(b))) {
                compare(attempt, world.attempts.get(b));
            }
        }
    }

    private void compare(Attempt a, Attempt b) {
        int order = Integer.compare(a.token(), b.token());
        if (order == 0) {
            broken.add(Rule.UNIQUE);
        }
        for (int x = 0; x < world.nodes.size(); x++) {
            for (int h : a.confirmedIn(x)) {
                for (int i : b.confirmedIn(x)) {
                    if (Integer.compare(h, i) != order) {
                        broken.add(Rule.HOLD_ORDER);
                    }
                }
            }
        }
    }

    /** How many nodes' counters passed through the token while they were locked for the attempt. */
    private long covered(int a) {
        Attempt attempt = world.attempts.get(a);
        return IntStream.range(0, world.nodes.size())
                .filter(x -> IntStream.of(attempt.confirmedIn(x))
                        .mapToObj(number -> world.nodes.get(x).holds().get(number - 1))
                        .anyMatch(hold -> covers(hold, a, attempt.token())))
                .count();
    }

    private static boolean covers(Hold hold, int a, int token) {
        return hold.by() == a && hold.from() <= token && token <= hold.to();
    }
}
