package dev.fencepost.internal;

import java.util.Arrays;

/** The states that a search has seen, two numbers each, numbered in the order in which they came, with where each came from. */
final class PackedStates {
    private long[] firsts = new long[1 << 16];
    private long[] seconds = new long[1 << 16];
    private int[] parents = new int[1 << 16];
    /** Open addressing: the number of the state plus one, or 0 for an empty slot. At most half full. */
    private int[] slots = new int[1 << 17];

    private int size;

    /** Adds a state unless it has been seen. */
    void add(long first, long second, int parent) {
        int slot = slotOf(first, second);
        if (slots[slot] != 0) {
            return;
        }
        if (size == firsts.length) {
            grow();
            slot = slotOf(first, second);
        }
        firsts[size] = first;
        seconds[size] = second;
        parents[size] = parent;
        slots[slot] = ++size;
    }

    int size() {
        return size;
    }

    long first(int state) {
        return firsts[state];
    }

    long second(int state) {
        return seconds[state];
    }

    /** The state from which this one was reached first; the first state is its own. */
    int parent(int state) {
        return parents[state];
    }

    private int slotOf(long first, long second) {
        int mask = slots.length - 1;
        long mixed = ((first * 0x9E3779B97F4A7C15L) ^ Long.rotateLeft(second, 32)) * 0xC2B2AE3D27D4EB4FL;
        int slot = (int) (mixed ^ (mixed >>> 32)) & mask;
        while (slots[slot] != 0 && (firsts[slots[slot] - 1] != first || seconds[slots[slot] - 1] != second)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        firsts = Arrays.copyOf(firsts, 2 * size);
        seconds = Arrays.copyOf(seconds, 2 * size);
        parents = Arrays.copyOf(parents, 2 * size);
        slots = new int[4 * size];
        for (int state = 0; state < size; state++) {
            slots[slotOf(firsts[state], seconds[state])] = state + 1;
        }
    }
}
