package dev.fencepost.jdbc.internal;

import dev.fencepost.jdbc.OnceResult;
import dev.fencepost.jdbc.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * A claim, work that is known as SQL, and the commit, all in one round trip. Only a token that is refused, or whose one write was made, takes more.
 *
 * @param settings how
 * @param claim of one resource
 * @param sql one statement, or several with semicolons between them
 * @param arguments what stands for its question marks
 */
public record OneTrip(Settings settings, Claim claim, String sql, List<? extends @Nullable Object> arguments)
        implements Steps<Integer, RuntimeException> {
    private static final String STATEMENTS = SqlFiles.read("one-trip.sql");
    private static final String BOUND = SqlFiles.read("bound.sql") + ";\n";
    private static final String WORK = "<work>";

    /** What the server said when it went through. */
    private record Done(String verdict, int rows) {}

    @Override
    public OnceResult<Integer> run(Handle handle, Optional<Duration> bound) {
        try {
            Done done = send(handle, bound);
            boolean anew = done.verdict().equals("claimed");
            Verdict verdict = anew ? new Verdict.Claimed(claim.first()) : new Verdict.Current(claim.first());
            settings.tell(claim, verdict);
            return new OnceResult.First<>(done.rows());
        } catch (UnableToExecuteStatementException e) {
            if (e.getCause() instanceof SQLException failure) {
                if (SqlFailure.of(failure) == SqlFailure.NOT_ADMITTED) {
                    return tellWhy(handle, bound);
                }
                Failures.ofOneTrip(claim, failure).ifPresent(known -> {
                    throw known;
                });
            }
            throw e;
        } catch (SQLException e) {
            throw Failures.unavailable(claim, e);
        }
    }

    private Done send(Handle handle, Optional<Duration> bound) throws SQLException {
        if (!Begin.isPlain(settings.jdbi(), handle)) {
            return execute(handle, whole(bound), bound, 0);
        }
        Connection connection = handle.getConnection();
        return Begin.with(connection, () -> execute(handle, Begin.before(whole(bound)), bound, 1));
    }

    private Done execute(Handle handle, String sql, Optional<Duration> bound, int before) {
        int answersBefore = before + (bound.isPresent() ? 1 : 0);
        return bind(handle.createUpdate(sql), bound)
                .execute((statement, context) -> read(statement.get(), answersBefore));
    }

    /** Nothing was run, and the claim has to be asked again for why; should the answer be another one now, the work is run after all. */
    private OnceResult<Integer> tellWhy(Handle handle, Optional<Duration> bound) {
        handle.rollback();
        handle.begin();
        return new SeparateTrips<Integer, RuntimeException>(
                        settings,
                        claim,
                        again -> Statements.bind(again.createUpdate(sql), 0, arguments)
                                .execute((statement, context) -> changes(statement.get())),
                        Recording.nothing())
                .run(handle, bound);
    }

    private String whole(Optional<Duration> bound) {
        return (bound.isPresent() ? BOUND : "") + STATEMENTS.replace(WORK, sql);
    }

    private Update bind(Update update, Optional<Duration> bound) {
        int at = 0;
        if (bound.isPresent()) {
            update.bind(at++, Math.max(1, bound.get().toMillis()));
        }
        update.bind(at++, claim.first().resource())
                .bind(at++, claim.first().value())
                .bind(at++, claim.first().owner())
                .bind(at++, claim.mode() == ClaimMode.ONCE);
        return Statements.bind(update, at, arguments);
    }

    private static Done read(PreparedStatement executed, int answersBefore) throws SQLException {
        for (int i = 0; i < answersBefore; i++) {
            executed.getMoreResults();
        }
        String verdict;
        try (ResultSet row = executed.getResultSet()) {
            row.next();
            verdict = row.getString("verdict");
        }
        return new Done(verdict, changes(executed));
    }

    /** How many rows the results from here on have changed. */
    private static int changes(PreparedStatement statement) throws SQLException {
        int rows = Math.max(0, statement.getUpdateCount());
        while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
            rows += Math.max(0, statement.getUpdateCount());
        }
        return rows;
    }
}
