package dev.fencepost.jdbc.internal;

import dev.fencepost.FencepostException;
import dev.fencepost.jdbc.CommitRefusedException;
import dev.fencepost.jdbc.FenceSchemaException;
import dev.fencepost.jdbc.IllegalTransactionStateException;
import dev.fencepost.jdbc.OutcomeUnknownException;
import dev.fencepost.jdbc.StoreUnavailableException;
import dev.fencepost.jdbc.TransactionConflictException;
import dev.fencepost.jdbc.UnclaimedWriteException;
import java.sql.SQLException;
import java.util.Optional;

/** Turns what the driver throws into what the caller may do next. */
public final class Failures {
    private static final String ENDED_BY_WORK =
            "the work under %s ended the guard's transaction by itself (commit, rollback, auto-commit or close). What it wrote"
                    + " before that is as it left it, and what it wrote after that was not guarded and is rolled back unless"
                    + " the work committed that too: look at the data. Leave the transaction to the guard; throw to roll back";

    private Failures() {}

    /** A claim failed: nothing has been written, and nothing can have been committed. */
    static FencepostException ofClaim(Claim claim, SQLException e) {
        String what = "the claim for " + claim;
        return switch (SqlFailure.of(e)) {
            case CONFLICT -> conflict(claim, e);
            case CANCELLED -> cancelled(claim, e);
            case CONNECTION -> unavailable(claim, e);
            case NOT_MIGRATED ->
                new FenceSchemaException(
                        what + " found no fence table in this database: call FenceSchema.migrate(dataSource) once at"
                                + " start-up; the database said: " + e.getMessage(),
                        e);
            case NOT_ALLOWED ->
                new FenceSchemaException(
                        what + " was not allowed: the role needs USAGE on schema fencepost and EXECUTE on"
                                + " fencepost.claim; the database said: " + e.getMessage(),
                        e);
            case READ_ONLY ->
                new IllegalTransactionStateException(
                        what + " needs a transaction that may write, but this one is read-only", e);
            case FAILED_BEFORE ->
                new IllegalTransactionStateException(
                        what + " came after a statement of the same transaction had failed: roll it back and begin"
                                + " again, with the claim first",
                        e);
            case TRANSACTION_OVER, NOT_ADMITTED, UNCLAIMED, OTHER ->
                new FenceSchemaException(
                        what + " failed as it should not with a sound schema (FenceSchema.verify checks it); the"
                                + " database said: " + e.getMessage(),
                        e);
        };
    }

    /**
     * Finds the refusal of a protected table.
     *
     * @param thrown what was thrown
     * @return the refusal, if it is among the causes
     */
    public static Optional<UnclaimedWriteException> unclaimed(Throwable thrown) {
        return SqlFailure.UNCLAIMED.in(thrown).map(e -> unclaimed(e, thrown));
    }

    private static UnclaimedWriteException unclaimed(SQLException e, Throwable thrown) {
        String said = String.valueOf(e.getMessage());
        int where = said.indexOf("\n  Where:");
        return new UnclaimedWriteException(
                "a protected table refused a write: " + (where < 0 ? said : said.substring(0, where)), thrown);
    }

    static TransactionConflictException conflict(Claim claim, Throwable e) {
        return new TransactionConflictException(
                "the transaction under " + claim + " lost a race against another one and is rolled back; repeat it with"
                        + " the same token: " + e.getMessage(),
                e);
    }

    static TransactionConflictException cancelled(Claim claim, Throwable e) {
        return new TransactionConflictException(
                "the transaction under " + claim
                        + " was cancelled, by a time limit or by somebody, and is rolled back; it"
                        + " may be repeated with the same token: " + e.getMessage(),
                e);
    }

    static IllegalTransactionStateException endedByWork(Claim claim, Throwable e) {
        return new IllegalTransactionStateException(ENDED_BY_WORK.formatted(claim), e);
    }

    static IllegalTransactionStateException endedByWork(Claim claim) {
        return new IllegalTransactionStateException(ENDED_BY_WORK.formatted(claim));
    }

    static StoreUnavailableException unavailable(Claim claim, Throwable e) {
        return new StoreUnavailableException(
                "the database could not be asked about " + claim + ", so nothing was written: " + e.getMessage(), e);
    }

    /**
     * A connection could not be had, or the schema could not be set up or looked at.
     *
     * @param what what was tried, for people
     * @param e what came of it
     * @return the exception that says whether trying again can help
     */
    public static FencepostException ofSettingUp(String what, Throwable e) {
        String message = what + ", and nothing was written: " + e.getMessage();
        return SqlFailure.firstIn(e) == SqlFailure.CONNECTION
                ? new StoreUnavailableException(message, e)
                : new FenceSchemaException(message, e);
    }

    private static OutcomeUnknownException outcomeUnknown(
            Claim claim, Optional<String> transactionId, Throwable cause) {
        return claim.mode() == ClaimMode.ONCE
                ? OutcomeUnknownException.ofWriteOnce(claim.toString(), transactionId, cause)
                : OutcomeUnknownException.ofWrite(claim.toString(), transactionId, cause);
    }

    /** The round trip that claimed, worked and committed failed; empty when it was the work that did, for a reason of its own. */
    static Optional<FencepostException> ofOneTrip(Claim claim, SQLException e) {
        // A schema, or a function: the server does not say which schema that is in.
        String said = String.valueOf(e.getMessage());
        boolean ours = said.contains("fencepost") || said.contains("claim_at_once");
        return switch (SqlFailure.of(e)) {
            case CONFLICT -> Optional.of(conflict(claim, e));
            case CANCELLED -> Optional.of(cancelled(claim, e));
            case CONNECTION -> Optional.of(outcomeUnknown(claim, Optional.empty(), e));
            case TRANSACTION_OVER -> Optional.of(endedByWork(claim, e));
            case UNCLAIMED -> Optional.of(unclaimed(e, e));
            case READ_ONLY -> Optional.of(ofClaim(claim, e));
            case NOT_MIGRATED, NOT_ALLOWED -> ours ? Optional.of(ofClaim(claim, e)) : Optional.empty();
            case FAILED_BEFORE, NOT_ADMITTED, OTHER -> Optional.empty();
        };
    }

    /** The round trip that ends a guarded transaction failed. */
    static FencepostException ofCommit(Claim claim, Optional<String> transactionId, SQLException e) {
        return switch (SqlFailure.of(e)) {
            case CONFLICT -> conflict(claim, e);
            case CANCELLED -> cancelled(claim, e);
            case CONNECTION -> outcomeUnknown(claim, transactionId, e);
            case TRANSACTION_OVER -> endedByWork(claim, e);
            case UNCLAIMED -> unclaimed(e, e);
            case FAILED_BEFORE ->
                new IllegalTransactionStateException(
                        "a statement of the work under " + claim + " had failed, and the work went on as if it had not:"
                                + " all of it is rolled back. Let the exception out, or use a savepoint",
                        e);
            case NOT_MIGRATED, NOT_ALLOWED, READ_ONLY, NOT_ADMITTED, OTHER ->
                new CommitRefusedException(
                        "the database refused to commit the work under " + claim + ", and nothing was written: "
                                + e.getMessage(),
                        e);
        };
    }
}
