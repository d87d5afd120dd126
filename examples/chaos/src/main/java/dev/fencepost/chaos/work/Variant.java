package dev.fencepost.chaos.work;

import dev.fencepost.LockClient;
import dev.fencepost.jdbc.FenceGuard;
import org.jdbi.v3.core.Jdbi;

/** In what a worker differs from how the product is to be used: in nothing, or in one protection that it lacks. */
public enum Variant {
    /** Everything as it should be. */
    PRODUCT("the product", true),
    /** Nothing is locked, nothing is guarded. */
    NO_LOCK("no lock", false),
    /** The lock of the product, and a store that takes every write. */
    LOCK_WITHOUT_GUARD("lock without guard", false),
    /** The maximum of the grants is the token, and no node is asked to confirm it. */
    MAXIMUM_WITHOUT_CONFIRM("maximum without confirm", true),
    /** Counters are raised whether or not the lock is still held there. */
    BLIND_RAISE("blind raise", true),
    /** Grants of several numbers answer with the last of them, and take only one. */
    ONE_FOR_SEVERAL("several tokens from one number", true),
    /** The lock of the product, and a guard at the writes, but not at the reads that they are computed from. */
    READ_BEFORE_CLAIM("guard without claim before read", true),
    /** A guard that is shown numbers alone, of a lock that hands one number out twice. */
    EQUALITY_WITHOUT_OWNER("equality without owner", true),
    /** Leases are measured by the time of day. */
    WALL_CLOCK("wall-clock deadlines", true),
    /** Nodes forget everything and are counted at once. */
    WIPED_NODE("a wiped node counted at once", true);

    private final String title;
    private final boolean guards;

    Variant(String title, boolean guards) {
        this.title = title;
        this.guards = guards;
    }

    /** In words. */
    public String title() {
        return title;
    }

    /** Whether writes go through the guard, so that their outcome is known. */
    boolean guards() {
        return guards;
    }

    /** The locks that it takes. */
    LockClient locks(Clients clients, Surroundings around) {
        return switch (this) {
            case NO_LOCK -> new NoLocks();
            case PRODUCT -> around.observed() ? observed(clients, around) : clients.plain();
            case LOCK_WITHOUT_GUARD, READ_BEFORE_CLAIM -> observed(clients, around);
            case MAXIMUM_WITHOUT_CONFIRM, EQUALITY_WITHOUT_OWNER -> weak(clients, around, Rule.NO_CONFIRM);
            case BLIND_RAISE -> weak(clients, around, Rule.BLIND_RAISE);
            case ONE_FOR_SEVERAL -> weak(clients, around, Rule.ONE_FOR_SEVERAL);
            case WIPED_NODE -> weak(clients, around, Rule.AS_IT_IS);
            case WALL_CLOCK ->
                clients.wiredBy(
                        around.clock(),
                        (node, index) -> new ObservedNode(node, index, around.ballots(), around.points()));
        };
    }

    /** How it reads and writes. */
    Guarding guarding(Jdbi jdbi) {
        FenceGuard guard = FenceGuard.of(jdbi);
        return switch (this) {
            case NO_LOCK, LOCK_WITHOUT_GUARD -> Guarding.none(jdbi);
            case READ_BEFORE_CLAIM -> Guarding.ofWritesAlone(guard, jdbi);
            case EQUALITY_WITHOUT_OWNER -> Guarding.withoutOwners(guard);
            case PRODUCT, MAXIMUM_WITHOUT_CONFIRM, BLIND_RAISE, ONE_FOR_SEVERAL, WALL_CLOCK, WIPED_NODE ->
                Guarding.full(guard);
        };
    }

    private static LockClient observed(Clients clients, Surroundings around) {
        return clients.wired((node, index) -> new ObservedNode(node, index, around.ballots(), around.points()));
    }

    /** What is observed is what the client is told, and so the weakness is on the far side. */
    private static LockClient weak(Clients clients, Surroundings around, Rule rule) {
        return clients.wired((node, index) -> new ObservedNode(
                new WeakNode(node, rule, around.seed() + index), index, around.ballots(), around.points()));
    }

    /**
     * What a worker has around its clients.
     *
     * @param observed whether this worker looks at nodes
     * @param seed decides what goes wrong inside of it, where that is wanted
     * @param ballots what nodes did
     * @param points where it can be stopped
     * @param clock the time of day, that can be set
     */
    record Surroundings(boolean observed, long seed, Ballots ballots, Points points, WallClock clock) {}
}
