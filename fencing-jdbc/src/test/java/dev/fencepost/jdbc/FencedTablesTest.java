package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import dev.fencepost.servers.PostgresDatabase;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which tables can be protected, how, and what they let through. Each test has a table of its own. */
class FencedTablesTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private final FencingToken token = new FencingToken("account/1", 7, "owner");
    private final FenceGuard guard = FenceGuard.of(postgres.dataSource());

    @BeforeAll
    static void createSchema() {
        execute("CREATE SCHEMA app");
    }

    @Test
    void anExpressionOverColumnsNamesTheResource() {
        execute("CREATE TABLE app.by_expression (id int, owner text)");
        protect(Protection.byExpression("app", "by_expression", "'account/' || id -- the account"));

        allowed("INSERT INTO app.by_expression VALUES (1, 'x')");
        refused("INSERT INTO app.by_expression VALUES (2, 'x')", "account/2");
        refused("UPDATE app.by_expression SET id = 2", "account/2");
        refused("INSERT INTO app.by_expression VALUES (NULL, 'x')", "names no resource");
    }

    @Test
    void aConstantIsTheResourceOfAllRowsAndItsClaimAllowsTruncate() {
        execute("CREATE TABLE app.by_constant (id int)");
        protect(Protection.byConstant("app", "by_constant", "account/1"));

        allowed("INSERT INTO app.by_constant VALUES (1), (2)");
        allowed("UPDATE app.by_constant SET id = 3");
        allowed("TRUNCATE app.by_constant");
        unclaimed("INSERT INTO app.by_constant VALUES (1)", "'account/1'");
        unclaimed("TRUNCATE app.by_constant", "'account/1'");
    }

    @Test
    void aGeneratedColumnAndWhatOtherTriggersMakeOfARowAreSeenAsStored() {
        execute(
                "CREATE TABLE app.generated (id int, r text GENERATED ALWAYS AS ('account/' || id::text) STORED NOT NULL)");
        execute("CREATE FUNCTION app.move() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN IF NEW.id = 5 THEN NEW.id := 2; END IF; RETURN NEW; END $$");
        execute("CREATE TRIGGER zz BEFORE INSERT OR UPDATE ON app.generated FOR EACH ROW EXECUTE FUNCTION app.move()");
        protect(Protection.byColumn("app", "generated", "r"));

        allowed("INSERT INTO app.generated VALUES (1)");
        refused("UPDATE app.generated SET id = 5", "account/2");
    }

    @Test
    void namesMayNeedQuotesAndCollationsDoNotMatter() {
        execute("CREATE SCHEMA \"Mixed \"\"Case\"");
        execute(
                "CREATE TABLE \"Mixed \"\"Case\".\"t'able $body$\" (\"res ource\" varchar COLLATE \"C.utf8\" NOT NULL)");
        Protection protection = Protection.byColumn("Mixed \"Case", "t'able $body$", "res ource");
        protect(protection);

        allowed("INSERT INTO \"Mixed \"\"Case\".\"t'able $body$\" VALUES ('account/1')");
        refused("INSERT INTO \"Mixed \"\"Case\".\"t'able $body$\" VALUES ('account/''1')", "account/'1");
        assertThat(FencedTables.inspect(postgres.dataSource())).contains(new ProtectedTable(protection, 0));
        FencedTables.unprotect(postgres.dataSource(), "Mixed \"Case", "t'able $body$");
        assertThat(FencedTables.inspect(postgres.dataSource())).doesNotContain(new ProtectedTable(protection, 0));
    }

    @Test
    void reportingLetsThroughAndCountsAlsoWhatIsRolledBack() {
        execute("CREATE TABLE app.reported (r text)");
        Protection protection = Protection.byColumn("app", "reported", "r");
        protect(protection.reporting());

        execute("INSERT INTO app.reported VALUES ('a'), ('b'), (NULL)");
        allowed("INSERT INTO app.reported VALUES ('account/1')");
        postgres.jdbi().useHandle(handle -> {
            handle.begin();
            handle.execute("TRUNCATE app.reported");
            handle.rollback();
        });
        assertThat(FencedTables.inspect(postgres.dataSource())).contains(new ProtectedTable(protection.reporting(), 4));
        protect(protection);
        unclaimed("DELETE FROM app.reported WHERE r = 'a'", "'a'");
        assertThat(FencedTables.inspect(postgres.dataSource())).contains(new ProtectedTable(protection, 0));
    }

    @Test
    void aTransactionNumberFromAnotherClusterOpensNothing() {
        execute("CREATE TABLE app.restored (r text)");
        protect(Protection.byColumn("app", "restored", "r"));
        // As if restored from a dump: rows of an earlier transaction bear the numbers that are to come.
        execute("INSERT INTO fencepost.fence SELECT 'dumped/' || n, 1, '', false, n::text::xid8, now()"
                + " FROM (SELECT pg_current_xact_id()::text::bigint + i AS n FROM generate_series(1, 100) AS i) AS s");
        postgres.jdbi().useHandle(handle -> {
            handle.begin();
            assertThat(handle.createQuery(
                                    "SELECT count(*) FROM fencepost.fence WHERE claimed_by = pg_current_xact_id()")
                            .mapTo(Integer.class)
                            .one())
                    .isEqualTo(1);
            assertThatThrownBy(() ->
                            handle.execute("INSERT INTO app.restored SELECT 'dumped/' || pg_current_xact_id()::text"))
                    .hasMessageContaining("has not claimed");
            handle.rollback();
        });
    }

    @Test
    void partitionsAreProtectedByWhicheverWayTheyAreReached() {
        execute("CREATE TABLE app.parted (x int, r text NOT NULL) PARTITION BY LIST (r)");
        execute("CREATE TABLE app.part_1 PARTITION OF app.parted FOR VALUES IN ('account/1')");
        execute("CREATE TABLE app.part_2 PARTITION OF app.parted FOR VALUES IN ('account/2') PARTITION BY LIST (x)");
        execute("CREATE TABLE app.part_2_2 PARTITION OF app.part_2 FOR VALUES IN (2)");
        protect(Protection.byColumn("app", "parted", "r"));
        execute("CREATE TABLE app.part_3 PARTITION OF app.parted FOR VALUES IN ('account/3')");
        execute("CREATE TABLE app.part_4 (r text NOT NULL, y int, x int)");
        execute("ALTER TABLE app.part_4 DROP COLUMN y");
        execute("INSERT INTO app.part_4 VALUES ('account/4', 4)");
        execute("ALTER TABLE app.parted ATTACH PARTITION app.part_4 FOR VALUES IN ('account/4')");

        allowed("INSERT INTO app.parted VALUES (1, 'account/1')");
        refused("UPDATE app.parted SET r = 'account/3' WHERE r = 'account/1'", "account/3");
        refused("INSERT INTO app.parted VALUES (2, 'account/2')", "account/2");
        refused("INSERT INTO app.part_2_2 VALUES (2, 'account/2')", "account/2");
        refused("INSERT INTO app.part_3 VALUES (2, 'account/3')", "account/3");
        refused("UPDATE app.part_4 SET x = 5", "account/4");
        refused("DELETE FROM app.parted WHERE x = 4", "account/4");
        refused("TRUNCATE app.part_1", "TRUNCATE");
        refused("TRUNCATE app.parted", "TRUNCATE");
        refused("TRUNCATE app.part_2_2", "TRUNCATE");
        // Triggers are ALWAYS also on partitions that came later.
        unclaimed("SET session_replication_role = replica; DELETE FROM app.part_4", "account/4");

        execute("ALTER TABLE app.parted DETACH PARTITION app.part_4");
        execute("DELETE FROM app.part_4");
        FencedTables.unprotect(postgres.dataSource(), "app", "parted");
        execute("TRUNCATE app.parted");
    }

    @Test
    void heirsAreProtectedBeforeTheTableThatTheyInheritFrom() {
        execute("CREATE TABLE app.parent (r text NOT NULL)");
        execute("CREATE TABLE app.heir () INHERITS (app.parent)");
        assertThatThrownBy(() -> protect(Protection.byColumn("app", "parent", "r")))
                .isInstanceOf(FenceSchemaException.class)
                .hasMessageContaining("heir inherits from");

        protect(Protection.byColumn("app", "heir", "r"));
        protect(Protection.byColumn("app", "parent", "r"));
        refused("INSERT INTO app.heir VALUES ('b')", "'b'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            COLUMN     | bad      | nowhere         | table app.bad has no column 'nowhere'
            COLUMN     | bad      | id              | is integer, but the name of a resource is text
            EXPRESSION | bad      | nowhere         | column "nowhere" does not exist
            EXPRESSION | bad      | id) FROM (SELECT 1 | syntax error
            COLUMN     | missing  | r               | relation "app.missing" does not exist
            COLUMN     | bad_view | r               | is not a table
            COLUMN     | bad_part | r               | is a partition
            """)
    void whatCannotBeProtectedIsNamed(Protection.By by, String table, String resource, String problem) {
        execute("CREATE TABLE IF NOT EXISTS app.bad (id int, r text) PARTITION BY LIST (id)");
        execute("CREATE TABLE IF NOT EXISTS app.bad_part PARTITION OF app.bad FOR VALUES IN (1)");
        execute("CREATE OR REPLACE VIEW app.bad_view AS SELECT * FROM app.bad");

        assertThatThrownBy(() -> protect(new Protection("app", table, by, resource, Protection.Mode.REFUSE)))
                .isInstanceOf(FenceSchemaException.class)
                .hasMessageContainingAll("app." + table, problem);
    }

    @Test
    void protectionsAreCheckedBeforeTheyAreSent() {
        assertThatThrownBy(() -> Protection.byColumn("app", " ", "r")).hasMessageContaining("table");
        assertThatThrownBy(() -> Protection.byColumn("a\0b", "t", "r")).hasMessageContaining("schema");
        assertThatThrownBy(() -> Protection.byConstant("app", "t", "x".repeat(600)))
                .hasMessageContaining("resource");
    }

    @Test
    void aSoundTableIsFoundSoAndTheRoleThatOwnsItIsNot() {
        PostgresDatabase database = postgres.newDatabase();
        FenceSchema.migrate(database.dataSource());
        Jdbi admin = Jdbi.create(database.dataSource());
        admin.useHandle(handle -> handle.execute("CREATE TABLE t (r text NOT NULL)"));
        Protection protection = Protection.byColumn("public", "t", "r");
        FencedTables.protect(database.dataSource(), protection);
        ApplicationRole role = ApplicationRole.create(database);

        assertThatCode(() -> FencedTables.verify(role.dataSource(), List.of(protection)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> FencedTables.verify(database.dataSource(), List.of(protection)))
                .hasMessageContaining("superuser");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ALTER TABLE t DISABLE TRIGGER fencepost_guard           | trigger fencepost_guard on public.t is disabled
            ALTER TABLE t ENABLE TRIGGER fencepost_guard            | trigger fencepost_guard on public.t is not enabled always
            DROP TRIGGER fencepost_guard ON t                       | trigger fencepost_guard on public.t is missing
            DROP TRIGGER fencepost_guard_truncate ON t              | trigger fencepost_guard_truncate on public.t is missing
            ALTER TABLE t ALTER COLUMN r DROP NOT NULL              | column 'r' of public.t may be NULL
            ALTER TABLE t RENAME COLUMN r TO q                      | column 'r' of public.t is missing
            CREATE TABLE heir () INHERITS (t)                       | trigger fencepost_guard on public.heir is missing
            ALTER TABLE t OWNER TO ROLE                             | the connected role owns public.t
            GRANT UPDATE ON fencepost.fence TO ROLE                 | can change fencepost.fence without claiming
            GRANT pg_write_all_data TO ROLE                         | can change fencepost.fence without claiming
            GRANT CREATE ON SCHEMA fencepost TO ROLE                | can create in schema fencepost
            ALTER FUNCTION fencepost.claimed OWNER TO ROLE          | owns functions of schema fencepost
            ALTER TABLE t RENAME TO u                               | table 'public.t' is missing
            SELECT fencepost.protect('t', 'column', 'r', 'report')  | in mode REPORT, but must be
            """)
    void whatIsWrongWithAProtectedTableIsNamed(String damage, String problem) {
        PostgresDatabase database = postgres.newDatabase();
        FenceSchema.migrate(database.dataSource());
        Jdbi admin = Jdbi.create(database.dataSource());
        admin.useHandle(handle -> handle.execute("CREATE TABLE t (r text NOT NULL)"));
        Protection protection = Protection.byColumn("public", "t", "r");
        FencedTables.protect(database.dataSource(), protection);
        ApplicationRole role = ApplicationRole.create(database);
        admin.useHandle(handle -> handle.execute(damage.replace("ROLE", role.name())));

        assertThatThrownBy(() -> FencedTables.verify(role.dataSource(), List.of(protection)))
                .isInstanceOfSatisfying(
                        FenceSchemaException.class,
                        schema -> assertThat(schema.problems())
                                .singleElement()
                                .asString()
                                .contains(problem));
    }

    private static void protect(Protection protection) {
        FencedTables.protect(postgres.dataSource(), protection);
    }

    private void allowed(String statement) {
        guard.write(token, handle -> handle.execute(statement));
    }

    private void refused(String statement, String why) {
        assertThatThrownBy(() -> guard.write(token, handle -> handle.execute(statement)))
                .isInstanceOf(UnclaimedWriteException.class)
                .hasMessageContaining(why);
    }

    private static void unclaimed(String statement, String why) {
        assertThatThrownBy(() -> execute(statement)).hasMessageContaining(why);
    }

    private static void execute(String statement) {
        postgres.jdbi().useHandle(handle -> handle.execute(statement));
    }
}
