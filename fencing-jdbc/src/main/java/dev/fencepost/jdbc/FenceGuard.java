package dev.fencepost.jdbc;

import dev.fencepost.FencingToken;
import dev.fencepost.LockClient;
import dev.fencepost.jdbc.internal.ActivatingClient;
import dev.fencepost.jdbc.internal.Claim;
import dev.fencepost.jdbc.internal.ClaimMode;
import dev.fencepost.jdbc.internal.GuardedTransaction;
import dev.fencepost.jdbc.internal.Settings;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes PostgreSQL refuse what comes under a stale fencing token, whoever issued the token.
 *
 * <p>Every form claims the token's resource in the transaction that writes. The claim locks one row until the transaction ends, so that the check and the write cannot come apart, and two holders of one
 * resource write one after the other.
 *
 * <p><b>Guaranteed</b>, at every isolation level: once a token has claimed and its transaction is committed, no transaction under an older token commits a claim on the same resource, whatever clocks,
 * pauses, connections and the lock service do. What {@code write} and {@code writeOnce} return from without an exception is committed as a whole, and survives a crash of the database; what they throw
 * from is rolled back as a whole, except where {@link OutcomeUnknownException} or {@link IllegalTransactionStateException} say otherwise.
 *
 * <p><b>Not guaranteed:</b> anything about statements that go around the guard, or that are sent before the claim. A holder is protected from late writes of older holders only from its first claim on, so
 * <em>claim before you read</em>: compute what you write from what you read inside the guarded work. Two holders of the same number are told apart by the token's owner; tokens without owners (from a lock
 * service that knows none) and with one number are taken for one holder.
 *
 * <p>A guard has no state of its own and may be shared between threads. It opens one connection for each {@code write} or {@code writeOnce}, at the isolation level that the connection comes with, and
 * waits for the row without a limit of its own: {@code lock_timeout} and {@code statement_timeout} of the session apply.
 */
public final class FenceGuard {
    private final Settings settings;

    private FenceGuard(Settings settings) {
        this.settings = settings;
    }

    /**
     * A guard over the handles of a Jdbi.
     *
     * @param jdbi where the guarded writes get their handles, with its plugins and settings
     * @return the guard
     */
    public static FenceGuard of(Jdbi jdbi) {
        return new FenceGuard(Settings.of(Objects.requireNonNull(jdbi, "jdbi")));
    }

    /**
     * A guard over the connections of a data source.
     *
     * @param dataSource where the guarded writes get their connections; auto-commit has to be on, as JDBC has it
     * @return the guard
     */
    public static FenceGuard of(DataSource dataSource) {
        return of(Jdbi.create(Objects.requireNonNull(dataSource, "dataSource")));
    }

    /**
     * The same guard for work over plain JDBC connections.
     *
     * @return a guard whose work is handed a {@link Connection}
     */
    public JdbcFenceGuard jdbc() {
        return new JdbcFenceGuard(settings);
    }

    /**
     * The same guard for work that is known as SQL, in one round trip for all: the quickest way. The role needs EXECUTE on {@code fencepost.claim_at_once}.
     *
     * @return a guard whose work is SQL
     */
    public SqlFenceGuard sql() {
        return new SqlFenceGuard(settings);
    }

    /**
     * The same guard, trying again when {@code write} and {@code writeOnce} lose a race (SQLSTATE 40001 or 40P01). Each attempt is a transaction of its own that claims
     * anew with the same token: when the token has become stale meanwhile, the call ends with {@link StaleTokenException}. The work runs once in each attempt. A
     * {@link OutcomeUnknownException} ends the call: the transaction may have been committed.
     *
     * @param attempts how many attempts at most, at least 1
     * @return the guard
     * @throws IllegalArgumentException if there are none
     */
    public FenceGuard retrying(int attempts) {
        return new FenceGuard(settings.withAttempts(attempts));
    }

    /**
     * The same guard, bounding each transaction of {@code write} and {@code writeOnce} by what is left of a lease: {@code guard.within(lease::remaining)}. From the
     * claim on, every statement is cancelled that takes longer than that ({@code statement_timeout}), and on PostgreSQL 17 and later the whole transaction
     * ({@code transaction_timeout}, which ends the session). Both come out as {@link TransactionConflictException}.
     *
     * @param remaining what is left, asked once for each transaction; when nothing is, the call ends with {@link dev.fencepost.LeaseLostException} and writes nothing
     * @return the guard
     */
    public FenceGuard within(Supplier<Duration> remaining) {
        return new FenceGuard(settings.withBound(remaining));
    }

    /**
     * The same guard, telling a listener what becomes of claims and writes.
     *
     * @param listener what to tell, in place of the one before
     * @return the guard
     */
    public FenceGuard telling(FenceListener listener) {
        return new FenceGuard(settings.withListener(listener));
    }

    /**
     * A lock client whose leases are claimed at the store, in a transaction of their own, before the caller has them: from then on no older token is admitted, whatever
     * the holder reads before it writes. When the store is past the token that the locks yielded, because their counters have fallen behind it, the lock is taken
     * again with a larger one. When the claim fails otherwise, acquiring throws what {@link #write} throws, and nothing stays locked.
     *
     * @param locks where the leases come from; closing the result closes it
     * @return the client
     */
    public LockClient activating(LockClient locks) {
        return new ActivatingClient(this, locks);
    }

    /**
     * Claims the token's resource in the transaction that the handle is in. Do it first in the transaction: before anything is read or written.
     *
     * <p>Waits while another transaction holds a claim on the resource. The transaction then commits with {@code synchronous_commit} at least {@code on}.
     *
     * @param handle a handle in a transaction
     * @param token the token to claim with
     * @return the verdict; look at it, or call {@link Verdict#orThrow()}
     * @throws IllegalStateException if the handle or its connection is closed
     * @throws IllegalTransactionStateException if the handle is in no transaction, or in one that is read-only or has failed
     * @throws TransactionConflictException if a race was lost; roll back and start the transaction again
     * @throws FenceSchemaException if the database is not migrated, or the role may not claim
     * @throws StoreUnavailableException if the connection failed
     */
    public Verdict claim(Handle handle, FencingToken token) {
        return claim(Settings.connectionOf(handle), token);
    }

    /**
     * Does what {@link #claim(Handle, FencingToken)} does in the transaction that the connection is in, whatever opened it, for instance Spring's transaction manager.
     *
     * @param connection a connection with auto-commit off
     * @param token the token to claim with
     * @return the verdict; look at it, or call {@link Verdict#orThrow()}
     */
    public Verdict claim(Connection connection, FencingToken token) {
        return settings.claim(connection, Claim.of(token, ClaimMode.MANY)).get(0);
    }

    /**
     * Claims for the one write that a token is allowed under write-once, in the transaction that the handle is in. When the answer is {@link
     * Once#FIRST}, do the work in this transaction and commit it; when it is {@link Once#ALREADY_APPLIED}, do not.
     *
     * @param handle a handle in a transaction
     * @param token the token to claim with
     * @return whether the work belongs to this transaction
     * @throws StaleTokenException if the token is refused; roll back
     * @throws IllegalStateException and the other exceptions of {@link #claim(Handle, FencingToken)}
     */
    public Once claimOnce(Handle handle, FencingToken token) {
        return claimOnce(Settings.connectionOf(handle), token);
    }

    /**
     * Does what {@link #claimOnce(Handle, FencingToken)} does, in the transaction that the connection is in.
     *
     * @param connection a connection with auto-commit off
     * @param token the token to claim with
     * @return whether the work belongs to this transaction
     */
    public Once claimOnce(Connection connection, FencingToken token) {
        return settings.claimOnce(connection, token);
    }

    /**
     * Claims the resources of several tokens, in one statement and in the order of the resources' names, whatever order the tokens are in; {@code
     * MultiLease.tokens()} gives them. All are claimed or none.
     *
     * @param handle a handle in a transaction
     * @param tokens the tokens to claim with, at least one, all of different resources
     * @return one verdict for each, {@link Verdict.Claimed} or {@link Verdict.Current}
     * @throws StaleTokenException if one of them is refused; none of these claims stays
     * @throws IllegalArgumentException if there is no token, or there are two of one resource
     * @throws IllegalStateException and the other exceptions of {@link #claim(Handle, FencingToken)}
     */
    public List<Verdict> claimAll(Handle handle, Collection<FencingToken> tokens) {
        return jdbc().claimAll(Settings.connectionOf(handle), tokens);
    }

    /**
     * Does what {@link #write} does, under several tokens of different resources.
     *
     * @param tokens the tokens to write under, at least one
     * @param work what to do with the handle; it must neither commit nor roll back
     * @param <X> what the work may throw
     * @throws X what the work threw, and everything else that {@link #write} and {@link #claimAll} throw
     */
    public <X extends Exception> void writeAll(Collection<FencingToken> tokens, HandleConsumer<X> work) throws X {
        GuardedTransaction.run(settings, Claim.ofAll(tokens), GuardedTransaction.returning(work));
    }

    /**
     * Writes under a token that may write any number of times: in a transaction of its own claims, runs the work, and commits.
     *
     * <p>A repeated call applies the work again. For work that must not be applied twice there is {@link #writeOnce}.
     *
     * @param token the token to write under
     * @param work what to do with the handle; it must neither commit nor roll back, and runs at most once per attempt
     * @param <X> what the work may throw
     * @throws X what the work threw, unless it was caused by a lost race; everything is rolled back
     * @throws StaleTokenException if the token is refused; the work has not run
     * @throws TransactionConflictException if a race was lost, at the claim, in the work, or at the commit; everything is rolled back
     * @throws OutcomeUnknownException if the connection was lost between the commit and its answer
     * @throws CommitRefusedException if the database refused to commit
     * @throws IllegalTransactionStateException if the calling thread is inside a transaction on a handle of the same Jdbi, connections
     *     come with auto-commit off or read-only, or the work ended the transaction by itself
     * @throws FenceSchemaException if the database is not migrated, or the role may not claim
     * @throws StoreUnavailableException if no connection could be had, or it failed before the work began
     */
    public <X extends Exception> void write(FencingToken token, HandleConsumer<X> work) throws X {
        writeReturning(token, GuardedTransaction.returning(work));
    }

    /**
     * Does what {@link #write} does with work that returns a value.
     *
     * @param token the token to write under
     * @param work what to do with the handle; it must not return null
     * @param <T> the type of the value
     * @param <X> what the work may throw
     * @return what the work returned
     * @throws X what the work threw, and everything else that {@link #write} throws
     */
    public <T, X extends Exception> T writeReturning(FencingToken token, HandleCallback<T, X> work) throws X {
        return JdbcFenceGuard.value(GuardedTransaction.run(settings, Claim.of(token, ClaimMode.MANY), work));
    }

    /**
     * Writes under a token that may write once: in a transaction of its own claims, runs the work, and commits, unless a {@code
     * writeOnce} under the same token was committed before. So it may be repeated as often as one likes, after any failure.
     *
     * <p>It counts transactions, not kinds of work: under one token, only the first {@code writeOnce} that is committed
     * applies anything. For several transactions under one lease use {@link #write}; it, {@link #claim(Handle, FencingToken)} and {@code
     * writeOnce} may be mixed under one token, and only {@code writeOnce} and {@code claimOnce} count as its one write.
     *
     * @param token the token to write under
     * @param work what to do with the handle; it must neither commit nor roll back, and runs at most once per attempt
     * @param <X> what the work may throw
     * @return {@link Once#FIRST} when the work ran now and is committed, {@link Once#ALREADY_APPLIED} when that happened earlier
     * @throws X what the work threw, unless it was caused by a lost race; everything is rolled back
     * @throws StaleTokenException if the token is refused; the work has not run
     * @throws OutcomeUnknownException if the connection was lost between the commit and its answer; repeat the call with the same token
     * @throws TransactionConflictException and the other exceptions of {@link #write}
     */
    public <X extends Exception> Once writeOnce(FencingToken token, HandleConsumer<X> work) throws X {
        return JdbcFenceGuard.once(writeOnceReturning(token, GuardedTransaction.returning(work)));
    }

    /**
     * Does what {@link #writeOnce} does with work that returns a value.
     *
     * @param token the token to write under
     * @param work what to do with the handle; it must not return null
     * @param <T> the type of the value
     * @param <X> what the work may throw
     * @return what the work returned now, or that it was applied earlier
     * @throws X what the work threw, and everything else that {@link #writeOnce} throws
     */
    public <T, X extends Exception> OnceResult<T> writeOnceReturning(FencingToken token, HandleCallback<T, X> work)
            throws X {
        return GuardedTransaction.run(settings, Claim.of(token, ClaimMode.ONCE), work);
    }

    /**
     * Does what {@link #writeOnce} does, and records what the work returned with the claim, for those who repeat the call, until a newer token claims. The role needs EXECUTE on {@code
     * fencepost.record_result}.
     *
     * @param token the token to write under
     * @param work what to do with the handle; it must return a text, for instance an identifier or JSON, and not null
     * @param <X> what the work may throw
     * @return what the work returned now or what was recorded; {@link OnceResult.AlreadyApplied} if it was applied by a call that records nothing
     * @throws X what the work threw, and everything else that {@link #writeOnce} throws
     */
    public <X extends Exception> OnceResult<String> writeOnceRecording(
            FencingToken token, HandleCallback<String, X> work) throws X {
        return GuardedTransaction.runRecording(settings, Claim.of(token, ClaimMode.ONCE), work);
    }
}
