package dev.fencepost.jdbc.internal;

import org.jdbi.v3.core.locator.ClasspathSqlLocator;

/** The statements of the guard, which are resource files. */
final class SqlFiles {
    private SqlFiles() {}

    static String read(String name) {
        return ClasspathSqlLocator.removingComments()
                .getResource(SqlFiles.class.getClassLoader(), "dev/fencepost/jdbc/sql/" + name)
                .strip();
    }
}
