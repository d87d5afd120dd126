package dev.fencepost.jdbc.internal;

import dev.fencepost.FencepostException;
import dev.fencepost.LeaseLostException;
import dev.fencepost.jdbc.FenceEvent;
import dev.fencepost.jdbc.IllegalTransactionStateException;
import dev.fencepost.jdbc.Once;
import dev.fencepost.jdbc.OnceResult;
import dev.fencepost.jdbc.TransactionConflictException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction of the guard's own: begin, claim, work, commit.
 *
 * @param <T> what the work returns
 * @param <X> what the work may throw
 */
public final class GuardedTransaction<T, X extends Exception> {
    private static final Logger log = LoggerFactory.getLogger(GuardedTransaction.class);

    private final Settings settings;
    private final Claim claim;
    private final Steps<T, X> steps;

    private boolean opened;
    private @Nullable OnceResult<T> committed;

    private GuardedTransaction(Settings settings, Claim claim, Steps<T, X> steps) {
        this.settings = settings;
        this.claim = claim;
        this.steps = steps;
    }

    /**
     * Runs the work in a transaction of its own, after a claim; when a race is lost and the settings allow it, again in another.
     *
     * @param settings how
     * @param claim what to claim with; each attempt claims anew
     * @param work what to do once the claim is admitted
     * @param <T> what the work returns
     * @param <X> what the work may throw
     * @return what became of it; it is committed
     * @throws X what the work threw; it is rolled back
     */
    public static <T, X extends Exception> OnceResult<T> run(Settings settings, Claim claim, HandleCallback<T, X> work)
            throws X {
        Objects.requireNonNull(work, "work");
        return run(settings, claim, new SeparateTrips<>(settings, claim, work, Recording.nothing()));
    }

    /**
     * Does the same with work that returns a text for those who repeat it, which is recorded with it.
     *
     * @param settings how
     * @param claim of one resource, for one write
     * @param work what to do once the claim is admitted
     * @param <X> what the work may throw
     * @return what became of it; it is committed
     * @throws X what the work threw; it is rolled back
     */
    public static <X extends Exception> OnceResult<String> runRecording(
            Settings settings, Claim claim, HandleCallback<String, X> work) throws X {
        Objects.requireNonNull(work, "work");
        return run(settings, claim, new SeparateTrips<>(settings, claim, work, Recording.text()));
    }

    /**
     * Does the same with work that is known as SQL.
     *
     * @param trip what claims, and does the work
     * @return how many rows were changed, or that it was applied earlier; it is committed
     */
    public static OnceResult<Integer> run(OneTrip trip) {
        return run(trip.settings(), trip.claim(), trip);
    }

    /** Work that returns something, for work that returns nothing. */
    public static <X extends Exception> HandleCallback<Once, X> returning(HandleConsumer<X> work) {
        Objects.requireNonNull(work, "work");
        return handle -> {
            work.useHandle(handle);
            return Once.FIRST;
        };
    }

    private static <T, X extends Exception> OnceResult<T> run(Settings settings, Claim claim, Steps<T, X> steps)
            throws X {
        List<TransactionConflictException> lost = new ArrayList<>();
        while (true) {
            try {
                return new GuardedTransaction<>(settings, claim, steps).run();
            } catch (TransactionConflictException e) {
                lost.forEach(e::addSuppressed);
                if (lost.size() + 1 >= settings.attempts() || !SqlFailure.isLostRace(e)) {
                    throw e;
                }
                lost.add(e);
                settings.emit(new FenceEvent.Retried(claim.first(), lost.size() + 1));
            }
        }
    }

    private OnceResult<T> run() throws X {
        try {
            // Not jdbi.open(): this way a handle that the thread is using already is seen, instead of a second one
            // waiting for it.
            return settings.jdbi().<OnceResult<T>, X>withHandle(handle -> {
                opened = true;
                return transact(handle);
            });
        } catch (RuntimeException e) {
            if (committed != null) {
                // An exception would say that the write failed.
                log.warn("the write under {} is committed, but its handle could not be closed", claim, e);
                return committed;
            }
            if (!opened && e instanceof ConnectionException) {
                throw Failures.ofSettingUp("no connection could be had to write under " + claim, e);
            }
            throw e;
        }
    }

    private OnceResult<T> transact(Handle handle) throws X {
        requireNoTransaction(handle);
        Optional<Duration> bound = bound();
        handle.begin();
        try {
            OnceResult<T> result = steps.run(handle, bound);
            if (result instanceof OnceResult.First) {
                committed = result;
                settle(handle);
            } else {
                handle.rollback();
            }
            return result;
        } catch (Throwable thrown) {
            rollBack(handle, thrown);
            if (!(thrown instanceof FencepostException)) {
                rethrowKnown(thrown);
            }
            throw thrown;
        }
    }

    private Optional<Duration> bound() {
        Optional<Duration> left = settings.bound().map(Supplier::get);
        if (left.isPresent() && (left.get().isZero() || left.get().isNegative())) {
            throw new LeaseLostException(claim.first(), "nothing is left of it to write in");
        }
        return left;
    }

    private void rethrowKnown(Throwable thrown) {
        if (SqlFailure.CONFLICT.in(thrown).isPresent()) {
            throw Failures.conflict(claim, thrown);
        }
        Optional<SQLException> cancelled = SqlFailure.CANCELLED.in(thrown);
        if (settings.bound().isPresent() && cancelled.isPresent()) {
            throw Failures.cancelled(claim, thrown);
        }
        Failures.unclaimed(thrown).ifPresent(refusal -> {
            throw refusal;
        });
    }

    private void requireNoTransaction(Handle handle) {
        if (handle.isInTransaction()) {
            throw new IllegalTransactionStateException(
                    "write and writeOnce begin a transaction of their own, but for " + claim
                            + " the connection has auto-commit off, so it is inside one already. Inside a transaction of yours, call"
                            + " claim(handle, token) first and write then; otherwise give the guard connections with auto-commit"
                            + " on");
        }
    }

    /** The server has committed; this tells the driver's and Jdbi's books, and runs what the work left for after the commit. */
    private void settle(Handle handle) {
        try {
            handle.commit();
        } catch (RuntimeException e) {
            log.warn("the write under {} is committed, but something that was to follow the commit failed", claim, e);
        }
    }

    private static void rollBack(Handle handle, Throwable thrown) {
        try {
            if (!handle.isClosed() && handle.isInTransaction()) {
                handle.rollback();
            }
        } catch (RuntimeException e) {
            // The connection is gone, and the server rolls back by itself.
            thrown.addSuppressed(e);
        }
    }
}
