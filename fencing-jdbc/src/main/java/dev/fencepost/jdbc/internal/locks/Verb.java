package dev.fencepost.jdbc.internal.locks;

import dev.fencepost.jdbc.internal.SqlFiles;
import java.util.Locale;

/** The statements, one per verb, each in a file of its own. */
enum Verb {
    JOIN,
    GRANT,
    RAISE,
    EXTEND,
    RESTORE,
    RELEASE,
    WATCH,
    UNWATCH,
    LISTEN;

    private final String sql = SqlFiles.read("locks/" + name().toLowerCase(Locale.ROOT) + ".sql");

    String sql() {
        return sql;
    }
}
