package dev.fencepost.sim;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.spi.LockNode;
import java.util.function.LongSupplier;

/** One part of the protocol, of the client or of the guard taken out, without the code that runs knowing of it. */
enum Mutant {
    /** Everything is as it should be. */
    NONE,
    /** The largest grant is the token, and no node is asked to confirm it. */
    NO_CONFIRM,
    /** A raise does not look at who holds the lock. */
    BLIND_RAISE,
    /** A grant that came late and is larger than the token counts for it. */
    LATE_LARGER_GRANT_COUNTS,
    /** A raise does not look at how far the counter is. */
    RAISE_IGNORES_COUNTER,
    /** An extension does not look at how far the counter is. */
    EXTEND_IGNORES_COUNTER,
    /** A grant that comes again answers with the counter as it is. */
    GRANT_REPEATS_VALUE,
    /** The client measures its leases with a clock that is set back now and then. */
    WALL_CLOCK,
    /** A lease is counted from when it was there. */
    LATE_ANCHOR,
    /** A release is not kept behind its grant. */
    RELEASE_OVERTAKES,
    /** The store is read before the token is shown to it. */
    GUARD_WITHOUT_CLAIM,
    /** The store lets in an equal token whosever it is; with tokens that are not unique, since otherwise it makes no difference. */
    EQUALITY_WITHOUT_OWNER,
    /** Tokens that are not unique, and a guard that is as it should be. */
    NO_CONFIRM_BUT_GUARDED,
    /** A node that has forgotten takes part as if nothing had happened. */
    BLIND_REJOIN,
    /** A node catches up in a new view, but takes part in attempts of any. No seed is known in which that is missed; see docs/protocol.md. */
    JOIN_WITHOUT_VIEWS,
    /** A node is brought back at once, though leases that it has forgotten are still held. */
    SHORT_QUARANTINE,
    /** Of the nodes that a node catches up from, one alone tells how far it has come. */
    FLOOR_OF_A_MINORITY,
    /** Counters that nobody uses go away, and nothing starts from where they were. */
    UNUSED_GO_WITHOUT_FLOOR,
    /** A lock is put back on a node whose counter is small, though it was further before it went away or was forgotten. No seed is known in which that is missed; see docs/protocol.md. */
    RESTORE_IGNORES_FLOOR,
    /** A grant answers with the last of the tokens that are wanted, and takes only the first from the counter. */
    NARROW_GRANT,
    /** The tokens of an attempt are the largest grant and those after it. */
    TOKENS_UPWARD,
    /** Who comes when an attempt has begun may have one of its tokens. */
    LATECOMERS_INHERIT,
    /** Nobody hears of a release. */
    DEAF;

    /** A node's server. */
    SimulatedServer server(LongSupplier clock) {
        return switch (this) {
            case BLIND_RAISE -> new MutantServers.BlindRaise(clock);
            case RAISE_IGNORES_COUNTER -> new MutantServers.RaiseIgnoresCounter(clock);
            case EXTEND_IGNORES_COUNTER -> new MutantServers.ExtendIgnoresCounter(clock);
            case GRANT_REPEATS_VALUE -> new MutantServers.GrantRepeatsValue(clock);
            case JOIN_WITHOUT_VIEWS -> new MutantServers.WithoutViews(clock);
            case SHORT_QUARANTINE -> new MutantServers.Hasty(clock);
            case UNUSED_GO_WITHOUT_FLOOR -> new MutantServers.Thoughtless(clock);
            case RESTORE_IGNORES_FLOOR -> new MutantServers.Trusting(clock);
            case NARROW_GRANT -> new MutantServers.Narrow(clock);
            case FLOOR_OF_A_MINORITY -> new MutantServers.Modest(clock);
            default -> new SimulatedServer(clock);
        };
    }

    /** A node as the client sees it. */
    LockNode node(LockNode node, GrantsSeen seen) {
        return switch (this) {
            case NO_CONFIRM,
                    EQUALITY_WITHOUT_OWNER,
                    NO_CONFIRM_BUT_GUARDED,
                    LATE_LARGER_GRANT_COUNTS,
                    TOKENS_UPWARD,
                    DEAF -> new MutantNode(node, seen, this);
            default -> node;
        };
    }

    /** A client as its users see it. */
    LockClient client(LockClient client) {
        return this == LATECOMERS_INHERIT ? new PlacesInAdvance(client) : client;
    }

    /** The clock of a client. */
    LongSupplier clock(ClientProcess process) {
        return this == WALL_CLOCK ? new MutantClock(process) : process::nanoTime;
    }

    /** A lease as its user sees it. */
    Lease lease(Lease lease, ClientProcess process) {
        return this == LATE_ANCHOR ? new LateLease(lease, process) : lease;
    }

    Store store() {
        return switch (this) {
            case GUARD_WITHOUT_CLAIM -> new Store(false, true);
            case EQUALITY_WITHOUT_OWNER -> new Store(true, false);
            default -> new Store(true, true);
        };
    }
}
