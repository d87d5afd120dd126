package dev.fencepost.jdbc.internal;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a failed statement means, decided from its SQLSTATE (PostgreSQL documentation, appendix A). */
enum SqlFailure {
    /** A race was lost; the transaction has to be repeated from its beginning. */
    CONFLICT,
    /** A time limit ran out, or somebody cancelled: the server has answered, and has rolled back. */
    CANCELLED,
    /** Something that the guard needs is not in the database. */
    NOT_MIGRATED,
    /** The role lacks a right. */
    NOT_ALLOWED,
    /** The transaction is read-only, or the server is a standby. */
    READ_ONLY,
    /** An earlier statement of the transaction has failed. */
    FAILED_BEFORE,
    /** The transaction that made the claim is not this one. */
    TRANSACTION_OVER,
    /** The claim that came with work and commit was refused, or its one write was made; nothing else was run. */
    NOT_ADMITTED,
    /** A protected table refused a write that its transaction had not claimed for. */
    UNCLAIMED,
    /** The server or the way to it is at fault; of a commit, it is not known whether it went through. */
    CONNECTION,
    /** The server refused the statement for a reason of its own, and so rolls back. */
    OTHER;

    private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "55P03");
    private static final Set<String> LOST_RACES = Set.of("40001", "40P01");
    private static final Set<String> NOT_THERE = Set.of("3F000", "42P01", "42703", "42883");

    /** The way to the server, operator intervention, resources, system errors, the driver's own, and internal errors. */
    private static final Set<String> CONNECTION_CLASSES = Set.of("08", "57", "53", "58", "60", "99", "XX");

    /** Causes may form a circle. */
    private static final int DEEPEST_CAUSE = 32;

    static SqlFailure of(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null || state.length() != 5 || "40003".equals(state)) {
            return CONNECTION;
        }
        if (CONFLICTS.contains(state)) {
            return CONFLICT;
        }
        if (NOT_THERE.contains(state)) {
            return NOT_MIGRATED;
        }
        return switch (state) {
            case "42501" -> NOT_ALLOWED;
            case "25006" -> READ_ONLY;
            case "25P02" -> FAILED_BEFORE;
            case "FP001" -> TRANSACTION_OVER;
            case "FP002", "FP003", "FP004" -> UNCLAIMED;
            case "FP006" -> NOT_ADMITTED;
            case "57014", "25P03", "25P04" -> CANCELLED;
            default -> CONNECTION_CLASSES.contains(state.substring(0, 2)) ? CONNECTION : OTHER;
        };
    }

    /** Whether a race is among the causes that is lost for good, and may be won when the transaction is repeated at once. */
    static boolean isLostRace(Throwable thrown) {
        return causes(thrown).anyMatch(sql -> LOST_RACES.contains(String.valueOf(sql.getSQLState())));
    }

    /** The cause of what some work threw that is of this kind, if there is one. */
    Optional<SQLException> in(Throwable thrown) {
        return causes(thrown).filter(sql -> of(sql) == this).findFirst();
    }

    /** What the outermost of the SQL exceptions among the causes means; {@link #OTHER} when there is none. */
    static SqlFailure firstIn(Throwable thrown) {
        return causes(thrown).findFirst().map(SqlFailure::of).orElse(OTHER);
    }

    private static Stream<SQLException> causes(Throwable thrown) {
        return Stream.<Throwable>iterate(thrown, Objects::nonNull, Throwable::getCause)
                .limit(DEEPEST_CAUSE)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast);
    }
}
