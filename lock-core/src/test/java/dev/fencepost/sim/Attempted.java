package dev.fencepost.sim;

import dev.fencepost.Lease;
import dev.fencepost.spi.NodeRequest;
import java.util.Optional;
import java.util.OptionalLong;

/** What is known of one attempt, and of the lease that came of it. */
final class Attempted {
    final ClientProcess process;
    final String resource;
    final String owner;
    /** Of the cluster that it was made in. */
    final String epoch;

    /** The largest token that was complete when it began. */
    final long floor;

    /** The latest that its lease may last by the clock of the process. */
    long deadline;

    /** The longest time to live that was asked for. */
    long longestTtlMillis;

    long token;
    /** What the clock of the process showed when somebody else had acquired the lock. */
    OptionalLong superseded = OptionalLong.empty();

    Optional<Lease> lease = Optional.empty();
    int lost;
    int released;
    boolean wantsToBeTold;
    int told;
    /** How long the process had been at work when it was first seen to be over. */
    OptionalLong overSince = OptionalLong.empty();

    Attempted(ClientProcess process, NodeRequest request, long floor) {
        this.process = process;
        this.resource = request.resource();
        this.owner = request.owner();
        this.epoch = request.view().epoch();
        this.floor = floor;
    }

    /** Takes note of a request for so long a lease that is sent now. */
    void asked(long shown, long ttlMillis) {
        long until = shown + Timing.usable(ttlMillis);
        deadline = token == 0 && longestTtlMillis > 0 ? deadline : Math.max(deadline, until);
        longestTtlMillis = Math.max(longestTtlMillis, ttlMillis);
    }

    boolean hasEnded() {
        return lost + released > 0;
    }

    boolean isUsable() {
        return lease.isPresent() && !process.isDead() && lease.get().isHeld();
    }

    @Override
    public String toString() {
        return resource + "#" + token + " of " + process;
    }
}
