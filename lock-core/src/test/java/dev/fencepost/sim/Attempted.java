package dev.fencepost.sim;

import dev.fencepost.spi.NodeRequest;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What is known of one attempt, and of the leases that came of it: one after the other, by as many tokens as it took. */
final class Attempted {
    final ClientProcess process;
    final String resource;
    final String owner;
    /** Of the cluster that it was made in. */
    final String epoch;

    /** The largest token that was complete when it began. */
    final long floor;

    /** The latest that its leases may last by the clock of the process. */
    long deadline;

    /** The longest time to live that was asked for. */
    long longestTtlMillis;

    /** What the clock of the process showed when somebody else had acquired the lock by a larger token. */
    OptionalLong superseded = OptionalLong.empty();

    private final int tokens;
    private final NavigableMap<Long, Leased> leases = new TreeMap<>();

    Attempted(ClientProcess process, NodeRequest request, long floor) {
        this.process = process;
        this.resource = request.resource();
        this.owner = request.owner();
        this.epoch = request.view().epoch();
        this.tokens = request.tokens();
        this.floor = floor;
    }

    /** Takes note of a request for so long a lease that is sent now. */
    void asked(long shown, long ttlMillis) {
        long until = shown + Timing.usable(ttlMillis);
        deadline = leases.isEmpty() && longestTtlMillis > 0 ? deadline : Math.max(deadline, until);
        longestTtlMillis = Math.max(longestTtlMillis, ttlMillis);
    }

    /** Whether a lease by this token may begin now: it is the first, or the one before was closed and had the token before, and there are not more than were asked for. */
    boolean mayBegin(long token) {
        boolean follows = leases.isEmpty()
                || (leases.lastKey() == token - 1
                        && leases.lastEntry().getValue().isClosed());
        return follows && leases.size() < tokens;
    }

    /** A lease by this token begins. */
    Leased begin(long token) {
        Leased lease = new Leased(this, token);
        leases.put(token, lease);
        return lease;
    }

    /** All leases so far. */
    Collection<Leased> leases() {
        return leases.values();
    }

    /** Somebody else has acquired the lock by a larger token. */
    void supersede() {
        if (superseded.isEmpty()) {
            superseded = OptionalLong.of(process.shown());
        }
    }

    @Override
    public String toString() {
        return resource + " of " + process + ", attempt " + owner.substring(0, 4);
    }
}
