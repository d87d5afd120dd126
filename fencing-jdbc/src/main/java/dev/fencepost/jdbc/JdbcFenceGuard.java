package dev.fencepost.jdbc;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.internal.Claim;
import dev.fencepost.jdbc.internal.ClaimMode;
import dev.fencepost.jdbc.internal.GuardedTransaction;
import dev.fencepost.jdbc.internal.Settings;
import java.sql.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.HandleCallback;

/**
 * The guard for work over plain JDBC connections: the verbs, guarantees and exceptions of {@link FenceGuard}, with a {@link
 * java.sql.Connection} in place of a handle. Get it from {@link FenceGuard#jdbc()}.
 *
 * <p>May be shared between threads.
 */
public final class JdbcFenceGuard {
    private final Settings settings;

    JdbcFenceGuard(Settings settings) {
        this.settings = settings;
    }

    /**
     * Does what {@link FenceGuard#write} does.
     *
     * @param token the token to write under
     * @param work what to do with the connection; it must neither commit nor roll back, and runs at most once per call
     * @param <X> what the work may throw
     * @throws X what the work threw, and everything else that {@link FenceGuard#write} throws
     */
    public <X extends Exception> void write(FencingToken token, ConnectionConsumer<X> work) throws X {
        writeReturning(token, returning(work));
    }

    /**
     * Does what {@link FenceGuard#writeReturning} does.
     *
     * @param token the token to write under
     * @param work what to do with the connection; it must not return null
     * @param <T> the type of the value
     * @param <X> what the work may throw
     * @return what the work returned
     * @throws X what the work threw, and everything else that {@link FenceGuard#write} throws
     */
    public <T, X extends Exception> T writeReturning(FencingToken token, ConnectionCallback<T, X> work) throws X {
        return value(GuardedTransaction.run(settings, Claim.of(token, ClaimMode.MANY), overHandle(work)));
    }

    /**
     * Does what {@link FenceGuard#claimAll} does, in the transaction that the connection is in.
     *
     * @param connection a connection with auto-commit off
     * @param tokens the tokens to claim with, at least one, all of different resources
     * @return one verdict for each
     * @throws StaleTokenException if one of them is refused, and everything else that {@link FenceGuard#claimAll} throws
     */
    public List<Verdict> claimAll(Connection connection, Collection<FencingToken> tokens) {
        return settings.claim(connection, Claim.ofAll(tokens)).stream()
                .map(Verdict::orThrow)
                .toList();
    }

    /**
     * Does what {@link FenceGuard#writeAll} does.
     *
     * @param tokens the tokens to write under, at least one, all of different resources
     * @param work what to do with the connection; it must neither commit nor roll back
     * @param <X> what the work may throw
     * @throws X what the work threw, and everything else that {@link FenceGuard#write} throws
     */
    public <X extends Exception> void writeAll(Collection<FencingToken> tokens, ConnectionConsumer<X> work) throws X {
        GuardedTransaction.run(settings, Claim.ofAll(tokens), overHandle(returning(work)));
    }

    /**
     * Does what {@link FenceGuard#writeOnce} does.
     *
     * @param token the token to write under
     * @param work what to do with the connection; it must neither commit nor roll back, and runs at most once per call
     * @param <X> what the work may throw
     * @return {@link Once#FIRST} when the work ran now and is committed, {@link Once#ALREADY_APPLIED} when that happened earlier
     * @throws X what the work threw, and everything else that {@link FenceGuard#writeOnce} throws
     */
    public <X extends Exception> Once writeOnce(FencingToken token, ConnectionConsumer<X> work) throws X {
        return once(writeOnceReturning(token, returning(work)));
    }

    /**
     * Does what {@link FenceGuard#writeOnceReturning} does.
     *
     * @param token the token to write under
     * @param work what to do with the connection; it must not return null
     * @param <T> the type of the value
     * @param <X> what the work may throw
     * @return what the work returned now, or that it was applied earlier
     * @throws X what the work threw, and everything else that {@link FenceGuard#writeOnce} throws
     */
    public <T, X extends Exception> OnceResult<T> writeOnceReturning(FencingToken token, ConnectionCallback<T, X> work)
            throws X {
        return GuardedTransaction.run(settings, Claim.of(token, ClaimMode.ONCE), overHandle(work));
    }

    /**
     * Does what {@link FenceGuard#writeOnceRecording} does.
     *
     * @param token the token to write under
     * @param work what to do with the connection; it must not return null
     * @param <X> what the work may throw
     * @return what the work returned now, or what was recorded when it was applied earlier
     * @throws X what the work threw, and everything else that {@link FenceGuard#writeOnceRecording} throws
     */
    public <X extends Exception> OnceResult<String> writeOnceRecording(
            FencingToken token, ConnectionCallback<String, X> work) throws X {
        return GuardedTransaction.runRecording(settings, Claim.of(token, ClaimMode.ONCE), overHandle(work));
    }

    static Once once(OnceResult<?> result) {
        return result instanceof OnceResult.First ? Once.FIRST : Once.ALREADY_APPLIED;
    }

    static <T> T value(OnceResult<T> result) {
        if (result instanceof OnceResult.First<T> first) {
            return first.value();
        }
        throw new AssertionError("a write without a limit is never told that it was applied already");
    }

    private static <X extends Exception> ConnectionCallback<Once, X> returning(ConnectionConsumer<X> work) {
        Objects.requireNonNull(work, "work");
        return connection -> {
            work.useConnection(connection);
            return Once.FIRST;
        };
    }

    private static <T, X extends Exception> HandleCallback<T, X> overHandle(ConnectionCallback<T, X> work) {
        Objects.requireNonNull(work, "work");
        return handle -> work.withConnection(handle.getConnection());
    }
}
