package dev.fencepost.sim;

import dev.fencepost.Lease;
import java.util.Optional;
import java.util.OptionalLong;

/** What is known of one lease. It has a token of its own, and may share its attempt, and so its owner, with others that were before or come after it. */
final class Leased {
    final Attempted attempt;
    final long token;

    Optional<Lease> lease = Optional.empty();
    int lost;
    int released;
    boolean wantsToBeTold;
    int told;
    /** How long the process had been at work when it was first seen to be over. */
    OptionalLong overSince = OptionalLong.empty();

    Leased(Attempted attempt, long token) {
        this.attempt = attempt;
        this.token = token;
    }

    boolean hasEnded() {
        return lost + released > 0;
    }

    boolean isClosed() {
        return lost == 0 && released > 0;
    }

    boolean isUsable() {
        return lease.isPresent() && !attempt.process.isDead() && lease.get().isHeld();
    }

    @Override
    public String toString() {
        return attempt.resource + "#" + token + " of " + attempt.process;
    }
}
