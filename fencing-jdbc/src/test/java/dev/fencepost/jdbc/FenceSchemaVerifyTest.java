package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import dev.fencepost.servers.PostgresDatabase;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

class FenceSchemaVerifyTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.blank();

    private PostgresDatabase database;
    private Jdbi jdbi;

    @BeforeEach
    void createDatabase() {
        database = postgres.newDatabase();
        jdbi = Jdbi.create(database.dataSource());
    }

    @Test
    void aDatabaseThatWasNotMigratedIsNamed() {
        assertThatThrownBy(() -> FenceSchema.verify(database.dataSource()))
                .isInstanceOfSatisfying(
                        FenceSchemaException.class,
                        schema -> assertThat(schema.problems()).containsExactly("schema fencepost is missing"))
                .hasMessageContaining("FenceSchema.migrate");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DROP TABLE fencepost.fence                                        | table fencepost.fence is missing
            ALTER TABLE fencepost.fence DROP COLUMN owner                     | column fencepost.fence.owner is missing
            ALTER TABLE fencepost.fence ALTER COLUMN claimed_at TYPE date     | column fencepost.fence.claimed_at is date NOT NULL, but must be timestamp with time zone NOT NULL
            ALTER TABLE fencepost.fence ALTER COLUMN owner DROP NOT NULL      | column fencepost.fence.owner is text, but must be text NOT NULL
            ALTER TABLE fencepost.fence DROP CONSTRAINT fence_pkey            | constraint fence_pkey is missing
            DROP FUNCTION fencepost.claim                                     | function fencepost.claim(text, bigint, text, boolean) is missing
            ALTER FUNCTION fencepost.claim SECURITY INVOKER                   | function fencepost.claim(text, bigint, text, boolean) is SECURITY INVOKER, but must be SECURITY DEFINER
            DROP FUNCTION fencepost.require_transaction                       | function fencepost.require_transaction(xid8) is missing
            """)
    void whatIsWrongIsNamed(String damage, String problem) {
        FenceSchema.migrate(database.dataSource());
        jdbi.useHandle(handle -> handle.execute(damage));

        assertThatThrownBy(() -> FenceSchema.verify(database.dataSource()))
                .isInstanceOfSatisfying(
                        FenceSchemaException.class,
                        schema -> assertThat(schema.problems()).containsExactly(problem));
        assertThatThrownBy(() -> FenceSchema.migrate(database.dataSource())).hasMessageContaining(problem);
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() {
        FenceSchema.migrate(database.dataSource());
        jdbi.useHandle(
                handle -> handle.execute("ALTER TABLE fencepost.fence DROP COLUMN owner, DROP COLUMN applied CASCADE"));

        assertThatThrownBy(() -> FenceSchema.verify(database.dataSource()))
                .hasMessageContainingAll(
                        "column fencepost.fence.owner is missing", "column fencepost.fence.applied is missing");
    }

    @Test
    void aRoleNeedsNoRightOnTheTableButOneOnTheFunction() {
        FenceSchema.migrate(database.dataSource());
        String role = "writer_" + database.name();
        jdbi.useHandle(handle -> handle.execute("CREATE ROLE " + role));
        PGSimpleDataSource asRole = (PGSimpleDataSource) database.dataSource();
        asRole.setOptions("-c role=" + role);

        assertThatThrownBy(() -> FenceSchema.verify(asRole)).hasMessageContaining("GRANT USAGE ON schema fencepost");
        assertThatThrownBy(() -> claimAs(asRole))
                .isInstanceOf(FenceSchemaException.class)
                .hasMessageContainingAll("was not allowed", "USAGE on schema fencepost");

        jdbi.useHandle(handle -> handle.execute("GRANT USAGE ON SCHEMA fencepost TO " + role));
        assertThatThrownBy(() -> FenceSchema.verify(asRole))
                .hasMessageContaining("GRANT EXECUTE ON function fencepost.claim(text, bigint, text, boolean)");
        assertThatThrownBy(() -> claimAs(asRole)).isInstanceOf(FenceSchemaException.class);

        jdbi.useHandle(handle ->
                handle.execute("GRANT EXECUTE ON FUNCTION fencepost.claim(text, bigint, text, boolean) TO " + role));
        FenceSchema.verify(asRole);
        claimAs(asRole);
        assertThatThrownBy(() -> Jdbi.create(asRole)
                        .useHandle(handle -> handle.execute("UPDATE fencepost.fence SET last_token = 1")))
                .hasMessageContaining("permission denied");
    }

    private static void claimAs(PGSimpleDataSource role) {
        FenceGuard.of(role).write(FencingToken.of("r", 1), handle -> {});
    }
}
