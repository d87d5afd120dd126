package dev.fencepost.internal;

import static dev.fencepost.internal.WorldLayout.NOBODY;
import static dev.fencepost.internal.WorldLayout.NODES;

/** A state of a {@link ForgetfulModel} that is made from another one. */
final class World {
    private final byte[] bytes;

    World(byte[] before) {
        bytes = before.clone();
    }

    byte[] bytes() {
        return bytes;
    }

    int get(int at) {
        return bytes[at];
    }

    void set(int at, int value) {
        bytes[at] = (byte) value;
    }

    /** Whom the node is locked for, if its lock has not expired. */
    int owner(int x) {
        int holds = get(WorldLayout.holds(x));
        return holds == 0 ? NOBODY : get(WorldLayout.hold(x, holds));
    }

    /** The counter of the node becomes this, and the current hold, if any, has seen it. */
    void setCounter(int x, int value) {
        set(WorldLayout.counter(x), value);
        if (owner(x) != NOBODY) {
            set(WorldLayout.hold(x, get(WorldLayout.holds(x))) + 2, value);
        }
    }

    /** The node, whose lock is free, is locked for the attempt. */
    void beginHold(int x, int attempt, int value) {
        int number = get(WorldLayout.holds(x)) + 1;
        set(WorldLayout.holds(x), number);
        set(WorldLayout.counter(x), value);
        int at = WorldLayout.hold(x, number);
        set(at, attempt);
        set(at + 1, value);
        set(at + 2, value);
    }

    void clearJoin(int j) {
        for (int at = WorldLayout.join(j); at < WorldLayout.asked(j, NODES); at++) {
            bytes[at] = 0;
        }
    }
}
