package dev.fencepost.jdbc.internal;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.FenceEvent;
import dev.fencepost.jdbc.FenceListener;
import dev.fencepost.jdbc.Once;
import dev.fencepost.jdbc.Verdict;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a guard writes.
 *
 * @param jdbi where to get handles
 * @param attempts how often a transaction that loses races is tried, at least 1
 * @param bound what is left of the lease, if a transaction is not to take longer
 * @param listener what is told of everything
 */
public record Settings(Jdbi jdbi, int attempts, Optional<Supplier<Duration>> bound, FenceListener listener) {
    private static final Logger log = LoggerFactory.getLogger(Settings.class);

    /** As a guard has it that nothing else was said to. */
    public static Settings of(Jdbi jdbi) {
        return new Settings(jdbi, 1, Optional.empty(), event -> {});
    }

    /** The same with another number of attempts. */
    public Settings withAttempts(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, but are " + most);
        }
        return new Settings(jdbi, most, bound, listener);
    }

    /** The same with a bound on each transaction. */
    public Settings withBound(Supplier<Duration> remaining) {
        return new Settings(jdbi, attempts, Optional.of(remaining), listener);
    }

    /** The same with another listener. */
    public Settings withListener(FenceListener other) {
        return new Settings(jdbi, attempts, bound, Objects.requireNonNull(other, "listener"));
    }

    /** The connection of a handle that is open. */
    public static Connection connectionOf(Handle handle) {
        Objects.requireNonNull(handle, "handle");
        if (handle.isClosed()) {
            throw new IllegalStateException("the handle is closed; claim with the handle of an open transaction");
        }
        return handle.getConnection();
    }

    /** Claims in a transaction of the caller. */
    public List<Verdict> claim(Connection connection, Claim claim) {
        return tell(claim, ClaimStatement.claim(connection, claim)).verdicts();
    }

    /** Claims in a transaction of the caller, for the one write of the token. */
    public Once claimOnce(Connection connection, FencingToken token) {
        Verdict verdict =
                claim(connection, Claim.of(token, ClaimMode.ONCE)).get(0).orThrow();
        return verdict instanceof Verdict.Claimed ? Once.FIRST : Once.ALREADY_APPLIED;
    }

    /** Tells what became of a claim. */
    ClaimReply tell(Claim claim, ClaimReply reply) {
        if (reply instanceof ClaimReply.Refused refused) {
            Verdict.Stale stale = refused.verdict();
            emit(new FenceEvent.RefusedAsStale(stale.token(), stale.lastToken()));
        } else if (reply instanceof ClaimReply.Admitted admitted) {
            for (Verdict verdict : admitted.verdicts()) {
                tell(claim, verdict);
            }
        }
        return reply;
    }

    /** Tells of one verdict that is no refusal. */
    void tell(Claim claim, Verdict verdict) {
        boolean applied = claim.mode() == ClaimMode.ONCE && verdict instanceof Verdict.Current;
        emit(applied ? new FenceEvent.AlreadyApplied(verdict.token()) : new FenceEvent.Admitted(verdict.token()));
    }

    void emit(FenceEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException e) {
            log.warn("a listener failed on {}", event, e);
        }
    }
}
