package dev.fencepost.jdbc.internal;

import dev.fencepost.jdbc.ProtectedTable;
import dev.fencepost.jdbc.Protection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Protects tables, and lists those that are. */
public final class TableStatements {
    private static final String PROTECT = SqlFiles.read("protect.sql");
    private static final String UNPROTECT = SqlFiles.read("unprotect.sql");
    private static final String PROTECTIONS = SqlFiles.read("protections.sql");

    private TableStatements() {}

    /** Protects a table, in one statement, so that it is done as a whole or not at all. */
    public static void protect(Connection connection, Protection protection) throws SQLException {
        execute(
                connection,
                PROTECT,
                List.of(
                        protection.schema(),
                        protection.table(),
                        protection.by().name().toLowerCase(Locale.ROOT),
                        protection.resource(),
                        protection.mode().name().toLowerCase(Locale.ROOT)));
    }

    /** Takes the protection of a table away. */
    public static void unprotect(Connection connection, String schema, String table) throws SQLException {
        execute(connection, UNPROTECT, List.of(schema, table));
    }

    private static void execute(Connection connection, String sql, List<String> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                statement.setString(i + 1, values.get(i));
            }
            statement.execute();
        }
    }

    /** The protected tables. */
    public static List<ProtectedTable> protections(Connection connection) throws SQLException {
        List<ProtectedTable> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(PROTECTIONS);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Protection protection = new Protection(
                        row.getString("table_schema"),
                        row.getString("table_name"),
                        Protection.By.valueOf(row.getString("by_what").toUpperCase(Locale.ROOT)),
                        row.getString("resource"),
                        Protection.Mode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT)));
                found.add(new ProtectedTable(protection, row.getLong("reported")));
            }
        }
        return found;
    }
}
