package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fencepost.FencingToken;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.HandleConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.postgresql.PGConnection;

/** What a role with the documented grants tries, to write a protected table without a claim. */
class BypassTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private static final FencingToken TOKEN = new FencingToken("a", 7, "owner");
    private static final List<String> UNTOUCHED = List.of("a=1", "b=2");
    private static @Nullable ApplicationRole role;

    private final FenceGuard guard = FenceGuard.of(role().dataSource());

    @BeforeAll
    static void protect() {
        role = ApplicationRole.create(postgres.database());
        postgres.jdbi().useHandle(handle -> handle.createScript("""
                        CREATE TABLE account (id text PRIMARY KEY, balance bigint NOT NULL, CHECK (balance <> 666));
                        CREATE TABLE customer (id text PRIMARY KEY, account text REFERENCES account);
                        CREATE TABLE owner_of (id text PRIMARY KEY);
                        CREATE TABLE owned (id text REFERENCES owner_of ON DELETE CASCADE ON UPDATE CASCADE);
                        CREATE TABLE parted (id text NOT NULL, balance bigint) PARTITION BY LIST (id);
                        CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('a');
                        CREATE TABLE parted_b PARTITION OF parted FOR VALUES IN ('b');
                        INSERT INTO parted VALUES ('a', 1);
                        CREATE VIEW account_view AS SELECT * FROM account;
                        CREATE VIEW account_rule AS SELECT 1 AS one;
                        CREATE RULE redirect AS ON INSERT TO account_rule DO INSTEAD DELETE FROM account;
                        CREATE FUNCTION as_owner() RETURNS void LANGUAGE sql SECURITY DEFINER AS
                            'UPDATE public.account SET balance = 0';
                        """).execute());
        postgres.jdbi()
                .useHandle(handle ->
                        handle.createScript("""
                        GRANT SELECT, INSERT, UPDATE, DELETE ON account, customer, owner_of, owned, account_view, account_rule, parted, parted_a, parted_b TO ROLE;
                        GRANT EXECUTE ON FUNCTION as_owner() TO ROLE;
                        GRANT CREATE ON SCHEMA public TO ROLE;
                        """.replace("ROLE", role().name())).execute());
        FencedTables.protect(postgres.dataSource(), Protection.byColumn("public", "account", "id"));
        FencedTables.protect(postgres.dataSource(), Protection.byColumn("public", "owned", "id"));
        FencedTables.protect(postgres.dataSource(), Protection.byColumn("public", "parted", "id"));
    }

    @BeforeEach
    void startAgain() {
        // As the superuser, who alone can go around the guard.
        postgres.jdbi().useTransaction(handle -> {
            handle.execute("ALTER TABLE account DISABLE TRIGGER fencepost_guard");
            handle.execute("ALTER TABLE owned DISABLE TRIGGER fencepost_guard");
            for (String table : List.of("customer", "account", "owned", "owner_of", "fencepost.fence")) {
                handle.execute("DELETE FROM " + table);
            }
            handle.execute("INSERT INTO account VALUES ('a', 1), ('b', 2)");
            handle.execute("INSERT INTO owner_of VALUES ('b')");
            handle.execute("INSERT INTO owned VALUES ('b')");
            handle.execute("ALTER TABLE account ENABLE ALWAYS TRIGGER fencepost_guard");
            handle.execute("ALTER TABLE owned ENABLE ALWAYS TRIGGER fencepost_guard");
        });
    }

    @Test
    void theDocumentedGrantsAreEnoughToWriteWhatIsClaimed() {
        FencedTables.verify(role().dataSource(), List.of(Protection.byColumn("public", "account", "id")));

        guard.write(TOKEN, handle -> handle.execute("UPDATE account SET balance = 10 WHERE id = 'a'"));
        guard.write(
                TOKEN,
                handle -> handle.execute("INSERT INTO account VALUES ('a', 1) ON CONFLICT (id) DO UPDATE"
                        + " SET balance = account.balance + 1"));

        assertThat(accounts()).containsExactly("a=11", "b=2");
    }

    /** Each in a transaction that has claimed the resource 'a', and so may not touch 'b'. */
    @ParameterizedTest
    @CsvFileSource(resources = "bypass.csv", delimiter = '|', quoteCharacter = '`', maxCharsPerColumn = 1000)
    void aStatementThatTouchesWhatIsNotClaimedIsRefused(String statement, String sqlState) {
        assertThat(stateOf(handle -> {
                    guard.claim(handle, TOKEN).orThrow();
                    handle.getConnection().createStatement().execute(statement);
                }))
                .isIn((Object[]) sqlState.split(","));
        assertThat(accounts()).isEqualTo(UNTOUCHED);
        // What must not happen is refused without a claim too.
        assertThat(stateOf(handle -> handle.getConnection().createStatement().execute(statement)))
                .isIn((Object[]) sqlState.split(","));
        assertThat(accounts()).isEqualTo(UNTOUCHED);
    }

    @Test
    void noSessionVariableStandsForAClaim() {
        assertThat(stateOf(handle -> {
                    for (String name : List.of("fencepost.claimed", "fencepost.resource", "fencepost.transaction")) {
                        handle.execute("SELECT set_config('" + name + "', 'b', false)");
                    }
                    handle.execute("SET search_path = public, pg_catalog");
                    handle.execute("UPDATE account SET balance = 0 WHERE id = 'b'");
                }))
                .isEqualTo("FP002");
    }

    @Test
    void whatTheRolePutsInItsSearchPathIsNotUsed() {
        assertThat(stateOf(handle -> {
                    handle.execute("CREATE FUNCTION public.pg_current_xact_id_if_assigned() RETURNS xid8"
                            + " LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT claimed_by FROM fence); END $$");
                    handle.execute("CREATE TEMP TABLE fence (resource text, claimed_by xid8)");
                    handle.execute("INSERT INTO fence VALUES ('b', pg_current_xact_id())");
                    handle.execute("CREATE FUNCTION pg_temp.age(xid) RETURNS int LANGUAGE sql AS 'SELECT 0'");
                    handle.execute("SET search_path = pg_temp, public, pg_catalog");
                    handle.execute("UPDATE public.account SET balance = 0 WHERE id = 'b'");
                }))
                .isEqualTo("FP002");
    }

    @Test
    void aClaimDiesWithTheSavepointItWasMadeUnder() {
        assertThat(stateOf(handle -> {
                    handle.savepoint("before");
                    guard.claim(handle, TOKEN).orThrow();
                    handle.execute("UPDATE account SET balance = 0 WHERE id = 'a'");
                    handle.rollbackToSavepoint("before");
                    handle.execute("UPDATE account SET balance = 0 WHERE id = 'a'");
                }))
                .isEqualTo("FP002");
    }

    @Test
    void aClaimCoversSubtransactionsAndOneOfThemCoversTheRest() {
        role().jdbi().useTransaction(handle -> {
            handle.execute("SELECT pg_current_xact_id()");
            handle.savepoint("one");
            guard.claim(handle, TOKEN).orThrow();
            handle.savepoint("two");
            handle.execute("UPDATE account SET balance = balance + 10 WHERE id = 'a'");
            handle.releaseSavepoint("one");
            handle.execute("UPDATE account SET balance = balance + 100 WHERE id = 'a'");
        });

        assertThat(accounts()).containsExactly("a=111", "b=2");
    }

    @Test
    void aClaimDoesNotOutliveItsTransaction() {
        role().jdbi().useTransaction(handle -> guard.claim(handle, TOKEN).orThrow());

        assertThat(stateOf(handle -> handle.execute("UPDATE account SET balance = 0 WHERE id = 'a'")))
                .isEqualTo("FP002");
    }

    @Test
    void aClaimOfSomebodyElseDoesNotHelp() {
        role().jdbi().useTransaction(other -> {
            guard.claim(other, TOKEN).orThrow();
            assertThat(stateOf(handle -> handle.execute("UPDATE account SET balance = 0 WHERE id = 'a'")))
                    .isEqualTo("FP002");
        });
        // Nor one that began later and is committed.
        assertThat(stateOf(handle -> {
                    handle.execute("SELECT pg_current_xact_id()");
                    role().jdbi()
                            .useTransaction(later -> guard.claim(later, TOKEN).orThrow());
                    handle.execute("UPDATE account SET balance = 0 WHERE id = 'a'");
                }))
                .isEqualTo("FP002");
    }

    @Test
    void aStaleClaimAndAnAppliedOneOpenNothing() {
        guard.writeOnce(TOKEN, handle -> {});
        assertThat(stateOf(handle -> {
                    assertThat(guard.claim(handle, new FencingToken("a", 6, "late")))
                            .isInstanceOf(Verdict.Stale.class);
                    handle.execute("UPDATE account SET balance = 0 WHERE id = 'a'");
                }))
                .isEqualTo("FP002");
        assertThat(stateOf(handle -> {
                    assertThat(guard.claimOnce(handle, TOKEN)).isEqualTo(Once.ALREADY_APPLIED);
                    handle.execute("UPDATE account SET balance = 0 WHERE id = 'a'");
                }))
                .isEqualTo("FP002");
    }

    @Test
    void copyIsRefused() {
        assertThat(stateOf(handle -> copy(handle.getConnection(), "c\t3\n"))).isEqualTo("FP002");
        assertThat(accounts()).isEqualTo(UNTOUCHED);
    }

    @Test
    void mergeIsRefusedWhereThereIsOne() {
        String merge = "MERGE INTO account USING (VALUES ('b'), ('c')) AS s (id) ON s.id = account.id"
                + " WHEN MATCHED THEN UPDATE SET balance = 0 WHEN NOT MATCHED THEN INSERT VALUES (s.id, 0)";
        boolean known = postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT current_setting('server_version_num')::int >= 150000")
                        .mapTo(Boolean.class)
                        .one());

        assertThat(stateOf(handle -> handle.execute(merge))).isEqualTo(known ? "FP002" : "42601");
        assertThat(accounts()).isEqualTo(UNTOUCHED);
    }

    @Test
    void theGuardNamesAnUnclaimedWrite() {
        assertThatThrownBy(() -> guard.write(TOKEN, handle -> handle.execute("DELETE FROM account WHERE id = 'b'")))
                .isInstanceOf(UnclaimedWriteException.class)
                .hasMessageContainingAll("DELETE in public.account", "'b'", "not claimed");
        RuntimeException plain = catchThrowableOfType(
                RuntimeException.class,
                () -> role().jdbi().useHandle(handle -> handle.execute("DELETE FROM account WHERE id = 'b'")));
        assertThat(UnclaimedWriteException.in(plain)).isPresent();
    }

    private static ApplicationRole role() {
        return Objects.requireNonNull(role);
    }

    private static void copy(Connection connection, String rows) throws SQLException {
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY account FROM STDIN", new StringReader(rows));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The SQLSTATE that some work of the application's role fails with. It is committed if it does not fail. */
    private static String stateOf(HandleConsumer<Exception> work) {
        try {
            role().jdbi().useTransaction(handle -> work.useHandle(handle));
            return "nothing";
        } catch (Exception e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql) {
                    return sql.getSQLState();
                }
            }
            throw new AssertionError(e);
        }
    }

    private static List<String> accounts() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT id || '=' || balance FROM account ORDER BY id")
                        .mapTo(String.class)
                        .list());
    }
}
