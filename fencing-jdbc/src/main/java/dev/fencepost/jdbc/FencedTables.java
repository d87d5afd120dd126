package dev.fencepost.jdbc;

import dev.fencepost.jdbc.internal.Failures;
import dev.fencepost.jdbc.internal.TableInspection;
import dev.fencepost.jdbc.internal.TableStatements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Tables whose writes the database itself refuses unless their transaction has claimed, so that no path can forget the guard.
 *
 * <p><b>Guaranteed</b> for a protected table in mode {@link Protection.Mode#REFUSE}: no INSERT, UPDATE, DELETE, MERGE, COPY or upsert, by
 * whichever view, rule, function, foreign key or partition, stores a change of a row whose resource the same transaction has not claimed
 * by then and kept claimed; an UPDATE that moves a row needs both resources. TRUNCATE is refused, but for a table of one resource that is claimed.
 *
 * <p><b>Not guaranteed:</b> anything against a superuser, the owner of the table, of the schema {@code fencepost} or of its functions, or a
 * role that is a member of one of these. They can disable triggers and change the fence table. {@link #verify} tells whether the connected role is
 * one of them. A claim later in the transaction than the reads is not noticed: claim first.
 *
 * <p>All of it is also there in SQL, for migrations by hand: {@code SELECT fencepost.protect('billing.charge', 'column', 'invoice', 'refuse')}.
 */
public final class FencedTables {
    private FencedTables() {}

    /**
     * Protects a table, or changes how it is protected. The connected role has to own the table and to be allowed to create in the schema {@code
     * fencepost}; so should be the role that migrates. Waits for the transactions that use the table, and holds up those that come after.
     *
     * <p>Partitions that are made or attached later are protected too, except against TRUNCATE of the partition: call it again, or grant TRUNCATE to nobody.
     *
     * @param dataSource the database
     * @param protection how
     * @throws FenceSchemaException if it cannot be protected; the message says why, and nothing is changed
     * @throws StoreUnavailableException if the database could not be reached
     */
    public static void protect(DataSource dataSource, Protection protection) {
        Objects.requireNonNull(protection, "protection");
        String what = "table '" + protection.schema() + "." + protection.table() + "' could not be protected";
        use(dataSource, what, connection -> TableStatements.protect(connection, protection));
    }

    /**
     * Removes the protection of a table. Does nothing when it is not protected.
     *
     * @param dataSource the database
     * @param schema the schema of the table
     * @param table the table
     * @throws FenceSchemaException if there is no such table, or the role may not
     * @throws StoreUnavailableException if the database could not be reached
     */
    public static void unprotect(DataSource dataSource, String schema, String table) {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(table, "table");
        String what = "the protection of table '" + schema + "." + table + "' could not be removed";
        use(dataSource, what, connection -> TableStatements.unprotect(connection, schema, table));
    }

    /**
     * Lists the protected tables.
     *
     * @param dataSource the database
     * @return in the order of schema and name; partitions are not listed by themselves
     * @throws FenceSchemaException if the database cannot tell
     * @throws StoreUnavailableException if the database could not be reached
     */
    public static List<ProtectedTable> inspect(DataSource dataSource) {
        List<ProtectedTable> found = new ArrayList<>();
        use(dataSource, "the protected tables could not be listed", connection -> {
            found.addAll(TableStatements.protections(connection));
        });
        return List.copyOf(found);
    }

    /**
     * Checks at start-up, with the role that the application writes with, that tables are protected as they should be: that the triggers are there and enabled on the
     * table and its partitions, that a column that names the resource is of the right type and {@code NOT NULL}, and that the role cannot get around them.
     * Changes nothing.
     *
     * @param dataSource the database, connected as the application
     * @param expected how tables should be protected; other protected tables are not looked at
     * @throws FenceSchemaException if something is wrong; it names everything that is
     * @throws StoreUnavailableException if the database could not be reached
     */
    public static void verify(DataSource dataSource, Collection<Protection> expected) {
        List<Protection> protections = List.copyOf(expected);
        List<String> problems = new ArrayList<>();
        use(dataSource, "the protected tables could not be checked", connection -> {
            problems.addAll(TableInspection.problems(connection, protections));
        });
        if (!problems.isEmpty()) {
            throw FenceSchemaException.ofTables(problems);
        }
    }

    private static void use(DataSource dataSource, String what, ConnectionConsumer<SQLException> use) {
        Objects.requireNonNull(dataSource, "dataSource");
        try (Connection connection = dataSource.getConnection()) {
            use.useConnection(connection);
        } catch (SQLException e) {
            throw Failures.ofSettingUp(what, e);
        }
    }
}
