package dev.fencepost.sim;

import dev.fencepost.FencingToken;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** A store whose guard refuses stale tokens: each resource is a set that users add to by reading it and writing it back. For one thread. */
final class Store {
    private final boolean claims;
    private final boolean knowsOwners;
    private final Map<String, Cell> cells = new HashMap<>();

    private static final class Cell {
        private long token;
        private String owner = "";
        private BitSet value = new BitSet();
    }

    /**
     * Makes an empty store.
     *
     * @param claims whether a token is shown before anything is read; otherwise only with what is written
     * @param knowsOwners whether an equal token of another owner is refused
     */
    Store(boolean claims, boolean knowsOwners) {
        this.claims = claims;
        this.knowsOwners = knowsOwners;
    }

    /** Refuses whatever is older from now on; says whether the token is not stale itself. */
    boolean claim(FencingToken token) {
        return !claims || admits(token);
    }

    BitSet read(String resource) {
        return (BitSet) cell(resource).value.clone();
    }

    /** Writes unless the token is stale, and says whether it is not. */
    boolean write(FencingToken token, BitSet value) {
        if (!admits(token)) {
            return false;
        }
        cell(token.resource()).value = value;
        return true;
    }

    private boolean admits(FencingToken token) {
        Cell cell = cell(token.resource());
        boolean same =
                token.value() == cell.token && (!knowsOwners || token.owner().equals(cell.owner));
        if (token.value() > cell.token || same) {
            cell.token = token.value();
            cell.owner = token.owner();
            return true;
        }
        return false;
    }

    private Cell cell(String resource) {
        return cells.computeIfAbsent(resource, name -> new Cell());
    }
}
