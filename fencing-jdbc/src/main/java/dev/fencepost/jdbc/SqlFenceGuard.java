package dev.fencepost.jdbc;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.internal.Claim;
import dev.fencepost.jdbc.internal.ClaimMode;
import dev.fencepost.jdbc.internal.GuardedTransaction;
import dev.fencepost.jdbc.internal.OneTrip;
import dev.fencepost.jdbc.internal.Settings;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The guard for work that is known as SQL: claim, work and commit go to the database in one round trip, where other guarded writes need one for the claim, one for
 * each statement and one for the commit. Get it from {@link FenceGuard#sql()}.
 *
 * <p><b>Guaranteed</b> is what {@link FenceGuard} guarantees. The claim comes first in the transaction, and when it is not admitted the server runs nothing of the rest. A token that is refused, or whose
 * one write was made, costs one round trip more.
 *
 * <p><b>The SQL</b> is one statement, or several with semicolons between them. Arguments stand for its question marks in their order, and are bound as Jdbi binds them; a question mark that is an operator
 * is written twice. The text is taken as it is, without Jdbi's templates. It must leave the transaction alone: {@code COMMIT} and the like are found out.
 *
 * <p><b>Exceptions</b> are those of {@link FenceGuard#write} and {@link FenceGuard#writeOnce}, with these differences, since no answer comes before the commit is sent: a connection that is lost in between leaves the outcome
 * unknown, without the number of the transaction; what refuses the commit (a deferred constraint) comes out as what a statement throws, {@link
 * org.jdbi.v3.core.statement.UnableToExecuteStatementException}; and a statement that was cancelled is a {@link TransactionConflictException} whether or not the guard is bounded.
 *
 * <p>May be shared between threads.
 */
public final class SqlFenceGuard {
    private final Settings settings;

    SqlFenceGuard(Settings settings) {
        this.settings = settings;
    }

    /**
     * Does what {@link FenceGuard#write} does.
     *
     * @param token the token to write under
     * @param sql one statement, or several with semicolons between them
     * @param arguments what stands for the question marks, in their order; each may be null
     * @return how many rows the statements have changed, all together; it is committed
     */
    public int write(FencingToken token, String sql, @Nullable Object... arguments) {
        return JdbcFenceGuard.value(run(token, ClaimMode.MANY, sql, arguments));
    }

    /**
     * Does what {@link FenceGuard#writeOnceReturning} does.
     *
     * @param token the token to write under
     * @param sql one statement, or several with semicolons between them
     * @param arguments what stands for the question marks, in their order; each may be null
     * @return how many rows the statements have changed now, all together, or that they were applied earlier
     */
    public OnceResult<Integer> writeOnce(FencingToken token, String sql, @Nullable Object... arguments) {
        return run(token, ClaimMode.ONCE, sql, arguments);
    }

    private OnceResult<Integer> run(FencingToken token, ClaimMode mode, String sql, @Nullable Object[] arguments) {
        if (Objects.requireNonNull(sql, "sql").isBlank()) {
            throw new IllegalArgumentException("sql must be a statement, but is '" + sql + "'");
        }
        // Not List.of: an argument may be null.
        return GuardedTransaction.run(
                new OneTrip(settings, Claim.of(token, mode), sql, Arrays.asList(arguments.clone())));
    }
}
