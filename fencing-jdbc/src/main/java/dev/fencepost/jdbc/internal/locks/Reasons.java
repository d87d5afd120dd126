package dev.fencepost.jdbc.internal.locks;

import java.sql.SQLException;
import java.util.Set;

/** Says in a few words why the database did not take part, and what that means for the session. */
final class Reasons {
    /** After these the session goes on: the statement alone was refused, and had no effect. */
    private static final Set<String> HARMLESS = Set.of("55P03", "57014", "40001", "40P01", "53100", "53200");

    /** Something that is needed is not there, or must not be used by this role. */
    private static final Set<String> SCHEMA = Set.of("3F000", "42P01", "42703", "42883", "42501");

    private Reasons() {}

    static String of(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        String message = String.valueOf(failure.getMessage());
        if ("42501".equals(state)) {
            return "the role needs USAGE on schema fencepost and EXECUTE on its functions lock_join, lock_grant, lock_raise,"
                    + " lock_extend, lock_restore and lock_release; the database said: " + message;
        }
        if (SCHEMA.contains(state)) {
            return "the schema 'fencepost' is not there or too old: call FenceSchema.migrate(dataSource) once; the database"
                    + " said: " + message;
        }
        return message + " (SQLSTATE " + state + ")";
    }

    /** Whether somebody has to change the schema or the role's rights before anything can work. */
    static boolean isOfSchema(SQLException failure) {
        return SCHEMA.contains(String.valueOf(failure.getSQLState()));
    }

    /** Whether the session can be used further. */
    static boolean leavesSessionUsable(SQLException failure) {
        return HARMLESS.contains(String.valueOf(failure.getSQLState()));
    }
}
