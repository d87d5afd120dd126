package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply;
import java.util.Arrays;
import java.util.BitSet;

/** Whom an attempt asks for grants, and when: all nodes at once; or first those that answer soon, or of these a quorum; or one alone, so that of several attempts in each other's way one wins. Guarded by the attempt. */
final class Asking {
    private final Roster roster;
    private final int gate;
    private final boolean[] first;
    private final boolean[] asked;
    private boolean all;

    private Asking(Roster roster, int gate, boolean[] first) {
        this.roster = roster;
        this.gate = gate;
        this.first = first;
        this.asked = new boolean[first.length];
    }

    /**
     * Those first that {@link Laggards} says, and the others only if they are needed; or one alone, and the others only if that does not refuse. Nobody else than the members is asked.
     *
     * @param gate the one, or {@link Attempt#ALL_AT_ONCE}
     */
    static Asking of(Quorum quorum, String resource, int gate) {
        Roster roster = quorum.roster();
        if (gate == Attempt.ALL_AT_ONCE || !roster.isMember(gate)) {
            boolean[] first = quorum.laggards().first(resource, roster, quorum.nanoTime());
            return new Asking(roster, Attempt.ALL_AT_ONCE, first);
        }
        boolean[] first = new boolean[quorum.size()];
        first[gate] = true;
        return new Asking(roster, gate, first);
    }

    /** Who makes the cluster for this attempt. */
    Roster roster() {
        return roster;
    }

    /** Takes those that go first. */
    boolean[] begin() {
        return ask(first);
    }

    /** Takes those that have not been asked yet. */
    boolean[] rest() {
        boolean[] rest = new boolean[asked.length];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = roster.isMember(i) && !asked[i];
        }
        return ask(rest);
    }

    private boolean[] ask(boolean[] nodes) {
        all = true;
        for (int i = 0; i < nodes.length; i++) {
            asked[i] |= nodes[i];
            all &= asked[i] || !roster.isMember(i);
        }
        return nodes;
    }

    boolean isAsked(int node) {
        return asked[node];
    }

    /** Nodes that have not been asked. */
    BitSet unasked() {
        BitSet unasked = new BitSet();
        for (int i = 0; i < asked.length; i++) {
            unasked.set(i, !asked[i]);
        }
        return unasked;
    }

    /** Whether all members have been asked. */
    boolean isAll() {
        return all;
    }

    /** Whether one node goes first, and has kept the others from being asked. */
    boolean isShut() {
        return gate != Attempt.ALL_AT_ONCE && !all;
    }

    /** Whether the others are to be asked now: not if nobody has granted, since somebody else may have all that were asked. */
    boolean goesOn(Ballot ballot, NodeReply last) {
        if (gate != Attempt.ALL_AT_ONCE) {
            return !(last instanceof NodeReply.Held);
        }
        return ballot.verdict() == Ballot.Verdict.OPEN
                && !ballot.isPossibleFor(asked)
                && (ballot.anyGranted() || !awaitsAny(ballot));
    }

    private boolean awaitsAny(Ballot ballot) {
        boolean any = false;
        for (int i = 0; i < asked.length; i++) {
            any |= asked[i] && ballot.awaits(i);
        }
        return any;
    }

    /** Whether anybody may still answer, as far as that depends on who was asked. */
    boolean isOpen(Ballot ballot) {
        return !isShut() || ballot.awaits(gate);
    }

    /** How many times a request and its reply have followed upon each other. */
    int roundTrips() {
        return Arrays.equals(first, asked) ? 1 : 2;
    }
}
