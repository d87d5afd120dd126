package dev.fencepost.jdbc.internal;

import dev.fencepost.jdbc.OnceResult;
import dev.fencepost.jdbc.StaleTokenException;
import dev.fencepost.jdbc.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;

/**
 * A claim, whatever the work does, and the commit: a round trip for the claim and one for the commit.
 *
 * @param <T> what the work returns
 * @param <X> what the work may throw
 */
record SeparateTrips<T, X extends Exception>(
        Settings settings, Claim claim, HandleCallback<T, X> work, Recording<T> recording) implements Steps<T, X> {
    private static final String COMMIT = SqlFiles.read("commit.sql");
    private static final String RECORD = SqlFiles.read("record.sql") + ";\n";

    @Override
    public OnceResult<T> run(Handle handle, Optional<Duration> bound) throws X {
        ClaimReply reply = settings.tell(claim, ClaimStatement.claimFirst(settings.jdbi(), handle, claim, bound));
        if (reply instanceof ClaimReply.Refused refused) {
            throw new StaleTokenException(
                    refused.verdict().token(), refused.verdict().lastToken());
        }
        ClaimReply.Admitted admitted = (ClaimReply.Admitted) reply;
        if (claim.mode() == ClaimMode.ONCE && admitted.verdicts().get(0) instanceof Verdict.Current) {
            return recording.recalled().apply(admitted.result());
        }
        T value = Objects.requireNonNull(
                work.withHandle(handle), "the work must return a value: there is a form for work without one");
        commit(handle, admitted.transactionId(), recording.toRecord().apply(value));
        return new OnceResult.First<>(value);
    }

    /** Commits on condition that the transaction is still the one that claimed. */
    private void commit(Handle handle, String transactionId, Optional<String> toRecord) {
        try {
            Connection connection = handle.getConnection();
            if (handle.isClosed() || connection.isClosed() || connection.getAutoCommit()) {
                throw Failures.endedByWork(claim);
            }
            try (PreparedStatement statement =
                    connection.prepareStatement(toRecord.isPresent() ? RECORD + COMMIT : COMMIT)) {
                int at = 1;
                if (toRecord.isPresent()) {
                    statement.setString(at++, claim.first().resource());
                    statement.setString(at++, toRecord.get());
                }
                statement.setString(at++, transactionId);
                statement.setString(at, transactionId);
                statement.execute();
            }
        } catch (SQLException e) {
            throw Failures.ofCommit(claim, Optional.of(transactionId), e);
        }
    }
}
