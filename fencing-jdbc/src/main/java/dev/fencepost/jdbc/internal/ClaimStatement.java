package dev.fencepost.jdbc.internal;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.IllegalTransactionStateException;
import dev.fencepost.jdbc.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Claims resources on a connection that is inside a transaction, in one round trip. */
public final class ClaimStatement {
    private static final String CLAIM = SqlFiles.read("claim.sql");
    private static final String CLAIM_ALL = SqlFiles.read("claim-all.sql");
    private static final String BOUND = SqlFiles.read("bound.sql") + ";\n";

    private ClaimStatement() {}

    /**
     * Claims.
     *
     * @param connection a connection with auto-commit off
     * @param claim what claims
     * @return what the store answered
     */
    public static ClaimReply claim(Connection connection, Claim claim) {
        Objects.requireNonNull(connection, "connection");
        try {
            requireTransaction(connection, claim);
            return ask(connection, claim, Optional.empty(), false);
        } catch (SQLException e) {
            throw Failures.ofClaim(claim, e);
        }
    }

    /**
     * Claims as the first thing in a transaction of the guard's own, and bounds it from then on.
     *
     * @param jdbi where the handle comes from
     * @param handle in a transaction in which nothing was done yet
     * @param bound how long the transaction may take; more than nothing
     */
    static ClaimReply claimFirst(Jdbi jdbi, Handle handle, Claim claim, Optional<Duration> bound) {
        Connection connection = handle.getConnection();
        try {
            requireTransaction(connection, claim);
            return Begin.isPlain(jdbi, handle)
                    ? Begin.with(connection, () -> ask(connection, claim, bound, true))
                    : ask(connection, claim, bound, false);
        } catch (SQLException e) {
            throw Failures.ofClaim(claim, e);
        }
    }

    private static ClaimReply ask(Connection connection, Claim claim, Optional<Duration> bound, boolean begins)
            throws SQLException {
        String sql = (bound.isPresent() ? BOUND : "") + (claim.isOfOne() ? CLAIM : CLAIM_ALL);
        try (PreparedStatement statement = connection.prepareStatement(begins ? Begin.before(sql) : sql)) {
            if (bound.isPresent()) {
                statement.setLong(1, Math.max(1, bound.get().toMillis()));
            }
            bind(statement, bound.isPresent() ? 2 : 1, claim);
            statement.execute();
            if (begins) {
                statement.getMoreResults();
            }
            if (bound.isPresent()) {
                statement.getMoreResults();
            }
            try (ResultSet row = statement.getResultSet()) {
                return reply(row, claim);
            }
        }
    }

    private static void bind(PreparedStatement statement, int from, Claim claim) throws SQLException {
        if (claim.isOfOne()) {
            FencingToken token = claim.first();
            statement.setString(from, token.resource());
            statement.setLong(from + 1, token.value());
            statement.setString(from + 2, token.owner());
            statement.setBoolean(from + 3, claim.mode() == ClaimMode.ONCE);
            return;
        }
        Connection connection = statement.getConnection();
        List<FencingToken> tokens = claim.tokens();
        Object[] resources = tokens.stream().map(FencingToken::resource).toArray();
        Object[] values = tokens.stream().map(FencingToken::value).toArray();
        Object[] owners = tokens.stream().map(FencingToken::owner).toArray();
        statement.setArray(from, connection.createArrayOf("text", resources));
        statement.setArray(from + 1, connection.createArrayOf("bigint", values));
        statement.setArray(from + 2, connection.createArrayOf("text", owners));
    }

    private static void requireTransaction(Connection connection, Claim claim) throws SQLException {
        if (connection.isClosed()) {
            throw new IllegalStateException("the connection that was to claim for " + claim + " is closed");
        }
        if (connection.getAutoCommit()) {
            throw new IllegalTransactionStateException("auto-commit is on, so a claim for " + claim
                    + " would end before anything is written under it: begin a transaction (setAutoCommit(false)), claim"
                    + " first and write then; or use write or writeOnce, which begin one");
        }
    }

    private static ClaimReply reply(ResultSet row, Claim claim) throws SQLException {
        List<Verdict> verdicts = new ArrayList<>();
        String transactionId = "";
        Optional<String> result = Optional.empty();
        while (row.next()) {
            FencingToken token = claim.isOfOne() ? claim.first() : claim.tokenOf(row.getString("resource"));
            String verdict = row.getString("verdict");
            switch (verdict) {
                case "claimed" -> verdicts.add(new Verdict.Claimed(token));
                case "current" -> verdicts.add(new Verdict.Current(token));
                case "stale" -> {
                    FencingToken last = FencingToken.of(token.resource(), row.getLong("last_token"));
                    return new ClaimReply.Refused(new Verdict.Stale(token, last));
                }
                default -> throw new SQLException("the store answered '" + verdict + "' to a claim");
            }
            transactionId = row.getString("transaction_id");
            result = Optional.ofNullable(row.getString("result"));
        }
        if (verdicts.size() != claim.tokens().size()) {
            throw new SQLException("the store answered " + verdicts + " to a claim for " + claim);
        }
        return new ClaimReply.Admitted(List.copyOf(verdicts), transactionId, result);
    }
}
