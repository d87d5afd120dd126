package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply;
import java.util.Arrays;

/** Whom an attempt asks for grants, and when: all nodes at once; or first those that answer soon; or one alone, so that of several attempts in each other's way one wins. Guarded by the attempt. */
final class Asking {
    private final int gate;
    private final boolean[] first;
    private final boolean[] asked;
    private boolean all;

    private Asking(int gate, boolean[] first) {
        this.gate = gate;
        this.first = first;
        this.asked = new boolean[first.length];
    }

    /** These first, and the others only if they are needed. */
    static Asking first(boolean[] nodes) {
        return new Asking(Attempt.ALL_AT_ONCE, nodes);
    }

    /** One alone, and the others only if that does not refuse. */
    static Asking alone(int gate, int nodes) {
        boolean[] first = new boolean[nodes];
        first[gate] = true;
        return new Asking(gate, first);
    }

    /** Takes those that go first. */
    boolean[] begin() {
        return ask(first);
    }

    /** Takes those that have not been asked yet. */
    boolean[] rest() {
        boolean[] rest = new boolean[asked.length];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = !asked[i];
        }
        return ask(rest);
    }

    private boolean[] ask(boolean[] nodes) {
        all = true;
        for (int i = 0; i < nodes.length; i++) {
            asked[i] |= nodes[i];
            all &= asked[i];
        }
        return nodes;
    }

    boolean isAsked(int node) {
        return asked[node];
    }

    /** Whether all nodes have been asked. */
    boolean isAll() {
        return all;
    }

    /** Whether one node goes first, and has kept the others from being asked. */
    boolean isShut() {
        return gate != Attempt.ALL_AT_ONCE && !all;
    }

    /** Whether the others are to be asked now. */
    boolean goesOn(Ballot ballot, NodeReply last) {
        if (all) {
            return false;
        }
        return gate == Attempt.ALL_AT_ONCE ? !ballot.isPossibleFor(asked) : !(last instanceof NodeReply.Held);
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
