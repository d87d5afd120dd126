package dev.fencepost.jdbc;

import dev.fencepost.jdbc.internal.Failures;
import dev.fencepost.jdbc.internal.SchemaInspection;
import dev.fencepost.jdbc.internal.SqlFiles;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * What the guard needs in the database: the schema {@code fencepost} with the fence table and its functions.
 *
 * <p>The schema is the library's own. It is brought up to date by Flyway with a location and a history table ({@code
 * fencepost.schema_history}) of its own, so that the migrations of the application, by Flyway or otherwise, neither see it nor are touched.
 * Whoever applies changes to a database by hand finds them as plain SQL files in {@code dev/fencepost/jdbc/migration} of the jar; they
 * can be run with {@code psql}, in the order of their numbers, and {@link #migrate} may be used later.
 */
public final class FenceSchema {
    private static final String SCHEMA = "fencepost";

    private FenceSchema() {}

    /**
     * Creates what the guard needs, or brings it up to date, and checks it. Does nothing when it is up to date. Several processes may call
     * it at once, for instance at start-up: one does the work, the others wait for it.
     *
     * <p>The role that connects has to own the schema {@code fencepost}, or to have the right to create schemas. A role that only
     * writes needs {@code USAGE} on the schema and {@code EXECUTE} on {@code fencepost.claim}, and should call {@link #verify}.
     *
     * @param dataSource the database; must be able to give two connections at once
     * @throws FenceSchemaException if the migration failed, or what it left is not what the guard needs
     * @throws StoreUnavailableException if the database could not be reached
     */
    public static void migrate(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource");
        try {
            Flyway.configure(FenceSchema.class.getClassLoader())
                    .dataSource(dataSource)
                    .locations("classpath:dev/fencepost/jdbc/migration")
                    .failOnMissingLocations(true)
                    .schemas(SCHEMA)
                    .defaultSchema(SCHEMA)
                    .table("schema_history")
                    // Somebody may have made the schema by hand, with the same files: they can be run again.
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .placeholderReplacement(false)
                    .cleanDisabled(true)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw Failures.ofSettingUp("the schema 'fencepost' could not be migrated", e);
        }
        verify(dataSource);
    }

    /**
     * Checks that what the guard needs is there, in the right form, and that the role that connects may use it. Meant for start-up: a
     * mistake is found there instead of at the first write. Changes nothing.
     *
     * @param dataSource the database
     * @throws FenceSchemaException if something is wrong; it names everything that is
     * @throws StoreUnavailableException if the database cannot be asked
     */
    public static void verify(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource");
        List<String> problems;
        try (Connection connection = dataSource.getConnection()) {
            problems = SchemaInspection.problems(connection);
        } catch (SQLException e) {
            throw Failures.ofSettingUp("the schema 'fencepost' could not be checked", e);
        }
        if (!problems.isEmpty()) {
            throw new FenceSchemaException(problems);
        }
    }

    /**
     * The largest token that the store has admitted, of all resources: a floor for the tokens of a lock whose nodes have lost what they knew. The role that connects needs {@code SELECT} on {@code
     * fencepost.fence}, as its owner has it.
     *
     * @param dataSource the database
     * @return 0 if it has admitted none
     * @throws FenceSchemaException if the table cannot be read
     * @throws StoreUnavailableException if the database cannot be asked
     */
    public static long largestToken(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource");
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SqlFiles.read("largest.sql"))) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw Failures.ofSettingUp("the largest token could not be read from fencepost.fence", e);
        }
    }
}
