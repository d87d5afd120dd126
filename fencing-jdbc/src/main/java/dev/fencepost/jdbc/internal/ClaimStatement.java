package dev.fencepost.jdbc.internal;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.IllegalTransactionStateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;

/** Claims a resource on a connection that is inside a transaction, in one round trip. */
public final class ClaimStatement {
    private static final String CLAIM = SqlFiles.read("claim.sql");

    private ClaimStatement() {}

    /**
     * Claims.
     *
     * @param connection a connection with auto-commit off
     * @param token what claims
     * @param mode how often the token may write
     * @return what the store answered
     */
    public static ClaimReply claim(Connection connection, FencingToken token, ClaimMode mode) {
        Objects.requireNonNull(connection, "connection");
        Objects.requireNonNull(token, "token");
        try {
            requireTransaction(connection, token);
            try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
                statement.setString(1, token.resource());
                statement.setLong(2, token.value());
                statement.setString(3, token.owner());
                statement.setBoolean(4, mode == ClaimMode.ONCE);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        throw new SQLException("fencepost.claim answered no row");
                    }
                    return reply(row, token);
                }
            }
        } catch (SQLException e) {
            throw Failures.ofClaim(token, e);
        }
    }

    private static void requireTransaction(Connection connection, FencingToken token) throws SQLException {
        if (connection.isClosed()) {
            throw new IllegalStateException("the connection that was to claim for " + token + " is closed");
        }
        if (connection.getAutoCommit()) {
            throw new IllegalTransactionStateException("auto-commit is on, so a claim for " + token
                    + " would end before anything is written under it: begin a transaction (setAutoCommit(false)), claim"
                    + " first and write then; or use write or writeOnce, which begin one");
        }
    }

    private static ClaimReply reply(ResultSet row, FencingToken token) throws SQLException {
        String verdict = row.getString("verdict");
        if ("stale".equals(verdict)) {
            return new ClaimReply.Refused(FencingToken.of(token.resource(), row.getLong("last_token")));
        }
        ClaimReply.How how = ClaimReply.How.valueOf(verdict.toUpperCase(java.util.Locale.ROOT));
        return new ClaimReply.Admitted(how, row.getString("transaction_id"));
    }
}
