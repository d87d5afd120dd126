package dev.fencepost.internal;

import static dev.fencepost.internal.WorldLayout.NODES;

import java.util.Set;
import java.util.TreeSet;

/** What one attempt makes of its grants in a state of a {@link ForgetfulModel}, as a real {@link Ballot} says. */
final class Attempting {
    private final byte[] world;
    private final int attempt;

    Attempting(byte[] world, int attempt) {
        this.world = world;
        this.attempt = attempt;
    }

    boolean hasBegun() {
        return granted() != 0;
    }

    /** The tokens that it may choose: one for every quorum of grants that may arrive first. */
    Set<Integer> tokens() {
        Set<Integer> tokens = new TreeSet<>();
        for (int first = 0; first < 1 << NODES; first++) {
            if (isQuorumOfGrants(first)) {
                tokens.add(Math.toIntExact(told(first).token()));
            }
        }
        return tokens;
    }

    /** All that it can have been told by now, in an order that makes its token what it is. */
    Ballot ballot() {
        int token = world[WorldLayout.token(attempt)];
        for (int first = 0; first < 1 << NODES; first++) {
            if (isQuorumOfGrants(first)) {
                Ballot ballot = told(first);
                if (ballot.token() == token) {
                    return withTheRest(ballot);
                }
            }
        }
        throw new IllegalStateException("no quorum of grants makes the token " + token);
    }

    boolean isComplete() {
        return world[WorldLayout.token(attempt)] != 0 && ballot().verdict() == Ballot.Verdict.COMPLETE;
    }

    /** The holds of the node in which it has confirmed the token. */
    int[] confirmedIn(int node) {
        int at = WorldLayout.reply(attempt, node);
        Set<Integer> holds = new TreeSet<>();
        if (world[at + 2] != 0) {
            holds.add((int) world[at + 2]);
        }
        if (world[at] != 0 && world[at] == world[WorldLayout.token(attempt)]) {
            holds.add((int) world[at + 1]);
        }
        return holds.stream().mapToInt(Integer::intValue).toArray();
    }

    private Ballot told(int nodes) {
        Ballot ballot = Ballot.of(NODES);
        for (int x = 0; x < NODES; x++) {
            if (((nodes >> x) & 1) == 1) {
                ballot = ballot.granted(x, world[WorldLayout.reply(attempt, x)]);
            }
        }
        return ballot;
    }

    private Ballot withTheRest(Ballot first) {
        Ballot ballot = first;
        for (int x = 0; x < NODES; x++) {
            int at = WorldLayout.reply(attempt, x);
            ballot = world[at] == 0 ? ballot : ballot.granted(x, world[at]);
            ballot = world[at + 2] == 0 ? ballot : ballot.raised(x);
        }
        return ballot;
    }

    private boolean isQuorumOfGrants(int nodes) {
        return Integer.bitCount(nodes) == Ballot.quorum(NODES) && (nodes & ~granted()) == 0;
    }

    private int granted() {
        int granted = 0;
        for (int x = 0; x < NODES; x++) {
            granted |= world[WorldLayout.reply(attempt, x)] == 0 ? 0 : 1 << x;
        }
        return granted;
    }
}
