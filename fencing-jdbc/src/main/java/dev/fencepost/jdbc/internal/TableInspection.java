package dev.fencepost.jdbc.internal;

import dev.fencepost.jdbc.ProtectedTable;
import dev.fencepost.jdbc.Protection;
import dev.fencepost.jdbc.Protection.By;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares how tables are protected with how they should be, and looks for ways around it that the connected role has. */
public final class TableInspection {
    private static final String BRANCHES = SqlFiles.read("branches.sql");
    private static final String ROLE = SqlFiles.read("role.sql");
    private static final Set<String> TEXT = Set.of("text", "character varying");

    /** How {@code pg_trigger} has it that a trigger fires always. */
    private static final String ALWAYS = "A";

    private TableInspection() {}

    /**
     * Inspects.
     *
     * @param connection a connection of the role that the application writes with
     * @param expected how tables should be protected
     * @return what is wrong, one sentence each
     * @throws SQLException if the database cannot be asked
     */
    public static List<String> problems(Connection connection, List<Protection> expected) throws SQLException {
        List<String> problems = new ArrayList<>();
        addRole(connection, problems);
        List<Protection> found = TableStatements.protections(connection).stream()
                .map(ProtectedTable::protection)
                .toList();
        for (Protection protection : expected) {
            addDifference(found, protection, problems);
            addBranches(connection, protection, problems);
        }
        return problems;
    }

    private static void addRole(Connection connection, List<String> problems) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ROLE);
                ResultSet row = statement.executeQuery()) {
            row.next();
            String role = "the role '" + row.getString("role_name") + "' ";
            if (row.getBoolean("is_superuser")) {
                problems.add(role + "is a superuser, and can get around every trigger");
                return;
            }
            if (row.getBoolean("writes_fence")) {
                problems.add(role + "can change fencepost.fence without claiming: take its rights on the table away");
            }
            if (row.getBoolean("creates_in_schema")) {
                problems.add(role + "can create in schema fencepost: take CREATE away");
            }
            if (row.getBoolean("owns_functions")) {
                problems.add(role + "owns functions of schema fencepost, or is a member of the role that does");
            }
        }
    }

    private static void addDifference(List<Protection> found, Protection expected, List<String> problems) {
        Optional<Protection> actual = found.stream()
                .filter(one ->
                        one.schema().equals(expected.schema()) && one.table().equals(expected.table()))
                .findFirst();
        if (actual.isPresent() && !actual.get().equals(expected)) {
            problems.add("table '" + expected.schema() + "." + expected.table() + "' is protected by "
                    + describe(actual.get()) + ", but must be by " + describe(expected));
        }
    }

    private static String describe(Protection protection) {
        return protection.by().name() + " " + protection.resource() + " in mode " + protection.mode();
    }

    private static void addBranches(Connection connection, Protection expected, List<String> problems)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BRANCHES)) {
            statement.setString(1, expected.schema());
            statement.setString(2, expected.table());
            statement.setString(3, expected.by() == By.COLUMN ? expected.resource() : "");
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    problems.add("table '" + expected.schema() + "." + expected.table() + "' is missing");
                    return;
                }
                addColumn(row, expected, problems);
                do {
                    addBranch(row, problems);
                } while (row.next());
            }
        }
    }

    private static void addColumn(ResultSet row, Protection expected, List<String> problems) throws SQLException {
        if (expected.by() != By.COLUMN) {
            return;
        }
        String column = "column '" + expected.resource() + "' of " + row.getString("table_name");
        if (!row.getBoolean("has_column")) {
            problems.add(column + " is missing");
        } else if (!TEXT.contains(row.getString("column_type"))) {
            problems.add(column + " is " + row.getString("column_type") + ", but must be text or character varying");
        } else if (!row.getBoolean("not_null")) {
            problems.add(column + " may be NULL, but a row without a resource cannot be written: make it NOT NULL");
        }
    }

    private static void addBranch(ResultSet row, List<String> problems) throws SQLException {
        String table = row.getString("table_name");
        if (!row.getBoolean("is_table")) {
            problems.add(table + " is not a table of this database, and cannot be protected");
            return;
        }
        addTrigger(table, "fencepost_guard", row.getString("of_rows"), problems);
        if (row.getString("of_rows") != null) {
            addTrigger(table, "fencepost_guard_truncate", row.getString("of_truncate"), problems);
        }
        if (row.getBoolean("owned")) {
            problems.add("the connected role owns " + table
                    + ", or is a member of the role that does, and can disable its triggers: write with another role");
        }
    }

    private static void addTrigger(String table, String trigger, @Nullable String enabled, List<String> problems) {
        if (enabled == null) {
            problems.add("trigger " + trigger + " on " + table + " is missing: call FencedTables.protect");
        } else if (!ALWAYS.equals(enabled)) {
            problems.add("trigger " + trigger + " on " + table + " is "
                    + ("D".equals(enabled) ? "disabled" : "not enabled always") + ": ALTER TABLE " + table
                    + " ENABLE ALWAYS TRIGGER " + trigger);
        }
    }
}
