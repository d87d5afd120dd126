package dev.fencepost.internal;

import static dev.fencepost.internal.WorldLayout.ATTEMPTS;
import static dev.fencepost.internal.WorldLayout.NODES;

import java.util.EnumSet;
import java.util.Set;

/** What must hold in every state of a {@link ForgetfulModel}: the invariants of {@code docs/spec/Fencepost.tla}. */
final class WorldInvariants {
    private WorldInvariants() {}

    /** Those that do not hold. */
    static Set<Invariant> brokenIn(byte[] world) {
        Set<Invariant> broken = EnumSet.noneOf(Invariant.class);
        for (int a = 0; a < ATTEMPTS; a++) {
            if (!new Attempting(world, a).isComplete()) {
                continue;
            }
            int token = world[WorldLayout.token(a)];
            if (token <= world[WorldLayout.base(a)]) {
                broken.add(Invariant.CALL_ORDER);
            }
            if (covered(world, a) < Ballot.quorum(NODES)) {
                broken.add(Invariant.COVERAGE);
            }
            for (int b = 0; b < a; b++) {
                if (new Attempting(world, b).isComplete()) {
                    compare(world, a, b, broken);
                }
            }
        }
        return broken;
    }

    private static void compare(byte[] world, int a, int b, Set<Invariant> broken) {
        int order = Integer.compare(world[WorldLayout.token(a)], world[WorldLayout.token(b)]);
        if (order == 0) {
            broken.add(Invariant.UNIQUE);
        }
        for (int x = 0; x < NODES; x++) {
            for (int h : new Attempting(world, a).confirmedIn(x)) {
                for (int i : new Attempting(world, b).confirmedIn(x)) {
                    if (Integer.compare(h, i) != order) {
                        broken.add(Invariant.HOLD_ORDER);
                    }
                }
            }
        }
    }

    /** How many nodes' counters passed through the token while they were locked for the attempt. */
    private static int covered(byte[] world, int a) {
        int token = world[WorldLayout.token(a)];
        int covered = 0;
        for (int x = 0; x < NODES; x++) {
            boolean any = false;
            for (int h : new Attempting(world, a).confirmedIn(x)) {
                int at = WorldLayout.hold(x, h);
                any |= world[at] == a && world[at + 1] <= token && token <= world[at + 2];
            }
            covered += any ? 1 : 0;
        }
        return covered;
    }
}
