package dev.fencepost.jdbc.internal;

import org.jdbi.v3.core.locator.ClasspathSqlLocator;

/** The statements of the guard, which are resource files. */
public final class SqlFiles {
    private SqlFiles() {}

    /** A statement, without its comments. */
    public static String read(String name) {
        return ClasspathSqlLocator.removingComments()
                .getResource(SqlFiles.class.getClassLoader(), "dev/fencepost/jdbc/sql/" + name)
                .strip();
    }
}
