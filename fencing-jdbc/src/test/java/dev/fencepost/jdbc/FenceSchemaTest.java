package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.fencepost.FencingToken;
import dev.fencepost.servers.PostgresDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class FenceSchemaTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.blank();

    @TempDir
    private Path directory;

    private PostgresDatabase database;
    private Jdbi jdbi;

    @BeforeEach
    void createDatabase() {
        database = postgres.newDatabase();
        jdbi = Jdbi.create(database.dataSource());
    }

    @Test
    void anEmptyDatabaseIsReadyAfterTheMigration() {
        FenceSchema.migrate(database.dataSource());

        assertThatCode(() -> FenceSchema.verify(database.dataSource())).doesNotThrowAnyException();
        assertTheGuardWorks();
    }

    @Test
    void theLargestTokenIsThatOfAllResources() {
        FenceSchema.migrate(database.dataSource());
        assertThat(FenceSchema.largestToken(database.dataSource())).isZero();

        FenceGuard.of(jdbi).write(FencingToken.of("r", 34), handle -> {});
        FenceGuard.of(jdbi).write(FencingToken.of("s", 7), handle -> {});

        assertThat(FenceSchema.largestToken(database.dataSource())).isEqualTo(34);
    }

    @Test
    void migratingAgainChangesNothing() {
        FenceSchema.migrate(database.dataSource());
        FenceGuard.of(jdbi).write(FencingToken.of("r", 34), handle -> {});
        List<String> history = history("fencepost.schema_history");

        FenceSchema.migrate(database.dataSource());

        assertThat(history("fencepost.schema_history")).isEqualTo(history);
        assertThat(strings("SELECT last_token FROM fencepost.fence")).containsExactly("34");
    }

    @Test
    void theApplicationsFlywayIsUntouchedWhenItComesFirst() throws Exception {
        Flyway host = hostFlyway();
        host.migrate();
        List<String> history = history("public.flyway_schema_history");

        FenceSchema.migrate(database.dataSource());

        assertThat(history("public.flyway_schema_history")).isEqualTo(history);
        host.validate();
        assertThat(host.info().pending()).isEmpty();
        assertTheGuardWorks();
    }

    @Test
    void theApplicationsFlywayIsUntouchedWhenItComesLater() throws Exception {
        FenceSchema.migrate(database.dataSource());
        List<String> history = history("fencepost.schema_history");

        Flyway host = hostFlyway();
        assertThat(host.migrate().migrationsExecuted).isEqualTo(1);

        host.validate();
        assertThat(history("public.flyway_schema_history")).containsExactly("1");
        assertThat(history("fencepost.schema_history")).isEqualTo(history);
        FenceSchema.migrate(database.dataSource());
        assertTheGuardWorks();
    }

    @Test
    void tablesInThePublicSchemaAreNoObstacle() {
        jdbi.useHandle(handle -> handle.execute("CREATE TABLE fence (id int); INSERT INTO fence VALUES (1)"));

        FenceSchema.migrate(database.dataSource());

        assertThat(strings("SELECT id FROM public.fence")).containsExactly("1");
        assertThat(strings("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly("fence");
        assertTheGuardWorks();
    }

    @Test
    void theSqlFilesCanBeAppliedByHandAndMigrateMayFollow() throws SQLException {
        applyByHand();
        assertTheGuardWorks();

        FenceSchema.migrate(database.dataSource());

        assertThat(strings("SELECT last_token FROM fencepost.fence")).containsExactly("1");
        assertTheGuardWorks();
    }

    @Test
    void theSqlFilesCanBeAppliedTwice() throws SQLException {
        applyByHand();
        applyByHand();

        assertTheGuardWorks();
    }

    @Test
    void threadsThatMigrateAtOnceAllFindItDone() throws Exception {
        int count = 8;
        ExecutorService threads = Executors.newFixedThreadPool(count);
        CountDownLatch ready = new CountDownLatch(count);
        List<Future<?>> migrations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            migrations.add(threads.submit(() -> {
                ready.countDown();
                ready.await();
                FenceSchema.migrate(database.dataSource());
                return null;
            }));
        }
        for (Future<?> migration : migrations) {
            migration.get();
        }
        threads.shutdown();

        assertThat(history("fencepost.schema_history")).containsExactly("1", "2", "3", "4", "5");
        assertTheGuardWorks();
    }

    @Test
    void processesThatMigrateAtOnceAllFindItDone() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            MigrateMain.class.getName(),
                            database.jdbcUrl(),
                            database.user(),
                            database.password())
                    .redirectErrorStream(true)
                    .start());
        }
        for (Process process : processes) {
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualToIgnoringNewLines("migrated");
            assertThat(process.waitFor()).isZero();
        }

        assertThat(history("fencepost.schema_history")).containsExactly("1", "2", "3", "4", "5");
    }

    /** What a process does that calls migrate at its start. */
    static final class MigrateMain {
        private MigrateMain() {}

        public static void main(String[] arguments) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(arguments[0]);
            source.setUser(arguments[1]);
            source.setPassword(arguments[2]);
            FenceSchema.migrate(source);
            System.out.println("migrated");
        }
    }

    @Test
    void aPoolOfTwoConnectionsIsEnough() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(2);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            FenceSchema.migrate(pool);
        }
    }

    @Test
    void aSchemaThatSomebodyElseOwnsIsReportedAndNothingIsLeft() {
        String role = "stranger_" + database.name();
        jdbi.useHandle(handle -> handle.execute("CREATE ROLE " + role));
        PGSimpleDataSource asRole = (PGSimpleDataSource) database.dataSource();
        asRole.setOptions("-c role=" + role);

        assertThatThrownBy(() -> FenceSchema.migrate(asRole))
                .isInstanceOf(FenceSchemaException.class)
                .hasMessageContaining("permission denied");
        assertThat(strings("SELECT nspname FROM pg_namespace WHERE nspname = 'fencepost'"))
                .isEmpty();
    }

    private void assertTheGuardWorks() {
        FenceGuard.of(jdbi).write(FencingToken.of("works", 1), handle -> {});
    }

    private Flyway hostFlyway() throws Exception {
        Files.writeString(directory.resolve("V1__host.sql"), "CREATE TABLE invoice (id int)");
        return Flyway.configure()
                .dataSource(database.dataSource())
                .locations("filesystem:" + directory)
                .load();
    }

    private void applyByHand() throws SQLException {
        for (String file : List.of("V1__fence.sql", "V2__claim.sql")) {
            jdbi.useHandle(handle -> {
                try (Statement statement = handle.getConnection().createStatement()) {
                    statement.execute(resource("migration/" + file));
                }
            });
        }
    }

    private static String resource(String name) {
        try (InputStream in = FenceSchema.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> history(String table) {
        return strings(
                "SELECT version FROM " + table + " WHERE version IS NOT NULL AND success ORDER BY installed_rank");
    }

    private List<String> strings(String sql) {
        return jdbi.withHandle(
                handle -> handle.createQuery(sql).mapTo(String.class).list());
    }
}
