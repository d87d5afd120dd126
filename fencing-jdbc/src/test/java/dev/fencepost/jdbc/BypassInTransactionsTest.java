package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a role with the documented grants tries with transactions, settings and objects of its own, to write a protected table without a claim or to make a claim worth less. */
class BypassInTransactionsTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private static final FencingToken TOKEN = new FencingToken("a", 7, "owner");
    private static @Nullable ApplicationRole role;

    private final FenceGuard guard = FenceGuard.of(role().dataSource());

    @BeforeAll
    static void protect() {
        role = ApplicationRole.create(postgres.database());
        postgres.jdbi().useHandle(handle -> {
            handle.execute("CREATE TABLE account (id text NOT NULL, balance bigint)");
            handle.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON account TO " + role().name());
            handle.execute("GRANT CREATE ON SCHEMA public TO " + role().name());
        });
        FencedTables.protect(postgres.dataSource(), Protection.byColumn("public", "account", "id"));
    }

    @BeforeEach
    void startAgain() {
        postgres.jdbi().useTransaction(handle -> {
            handle.execute("ALTER TABLE account DISABLE TRIGGER fencepost_guard");
            handle.execute("DELETE FROM account");
            handle.execute("DELETE FROM fencepost.fence");
            handle.execute("INSERT INTO account VALUES ('a', 1), ('b', 2)");
            handle.execute("ALTER TABLE account ENABLE ALWAYS TRIGGER fencepost_guard");
        });
    }

    /** PREPARE TRANSACTION takes the claim with it: the next transaction of the session has none. (The server allows none unless it is set up for them.) */
    @Test
    void aPreparedTransactionTakesItsClaimAway() {
        role().jdbi().useHandle(handle -> {
            handle.begin();
            guard.claim(handle, TOKEN).orThrow();
            handle.execute("UPDATE account SET balance = 10 WHERE id = 'a'");
            String state = stateOf(handle, "PREPARE TRANSACTION 'p'");
            assertThat(state).isIn("", "55000");
            handle.rollback();
            assertThat(stateOf(handle, "UPDATE account SET balance = 0 WHERE id = 'a'"))
                    .isEqualTo("FP002");
        });
        assertThatThrownBy(() -> guard.write(TOKEN, handle -> {
                    handle.execute("UPDATE account SET balance = 10 WHERE id = 'a'");
                    handle.execute("PREPARE TRANSACTION 'q'");
                }))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void aClaimInASubtransactionThatIsRolledBackIsNoneWhoeverClaimedBefore() {
        role().jdbi().useHandle(handle -> {
            handle.begin();
            handle.savepoint("outer");
            handle.savepoint("inner");
            guard.claim(handle, TOKEN).orThrow();
            handle.releaseSavepoint("inner");
            handle.execute("UPDATE account SET balance = 10 WHERE id = 'a'");
            handle.rollbackToSavepoint("outer");
            assertThat(stateOf(handle, "UPDATE account SET balance = 0 WHERE id = 'a'"))
                    .isEqualTo("FP002");
            handle.rollback();
        });
        assertThat(balances()).containsExactly("a=1", "b=2");
    }

    /** An exception block is a subtransaction too. */
    @Test
    void aClaimInAnExceptionBlockThatFailedIsNone() {
        role().jdbi().useHandle(handle -> assertThat(stateOf(handle, """
                        DO $$ BEGIN
                            BEGIN
                                PERFORM fencepost.claim('a', 7, '', false);
                                RAISE EXCEPTION 'taken back';
                            EXCEPTION WHEN raise_exception THEN NULL;
                            END;
                            UPDATE account SET balance = 0 WHERE id = 'a';
                        END $$""")).isEqualTo("FP002"));
        assertThat(balances()).containsExactly("a=1", "b=2");
    }

    @Test
    void aSettingOfTheTransactionDoesNotWeakenWhatIsAcknowledged() {
        // Deferred, so that it sees what holds when the commit has begun.
        role().jdbi().useHandle(handle -> assertThat(stateOf(handle, """
                        CREATE TABLE seen (setting text);
                        CREATE TABLE probe (i int);
                        CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
                            BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
                        CREATE CONSTRAINT TRIGGER last AFTER INSERT ON probe DEFERRABLE INITIALLY DEFERRED
                            FOR EACH ROW EXECUTE FUNCTION see()
                        """)).isEmpty());
        for (String setting : List.of("off", "local", "remote_write")) {
            guard.write(TOKEN, handle -> {
                handle.execute("SET LOCAL synchronous_commit = " + setting);
                handle.execute("INSERT INTO probe VALUES (1)");
            });
        }
        List<String> seen = postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT setting FROM seen")
                        .mapTo(String.class)
                        .list());
        assertThat(seen).containsExactly("on", "on", "on");
    }

    @Test
    void settingsThatNameTheClaimOpenNothing() {
        role().jdbi().useHandle(handle -> {
            handle.begin();
            handle.execute(
                    "SELECT set_config('fencepost.transaction', pg_current_xact_id()::text, true), set_config('fencepost.row', 'claimed', true)");
            assertThat(stateOf(handle, "DELETE FROM account WHERE id = 'a'")).isEqualTo("FP002");
            handle.rollback();
        });
        guard.write(new FencingToken("a", 9, "newer"), handle -> {});
        assertThatThrownBy(() -> guard.sql().write(TOKEN, "UPDATE account SET balance = 0 WHERE id = 'a'"))
                .isInstanceOf(FenceSchemaException.class)
                .hasMessageContaining("claim_at_once");
    }

    @Test
    void locksThatAreNoClaimsOpenNothing() {
        role().jdbi().useHandle(handle -> {
            handle.begin();
            handle.execute("SELECT pg_advisory_xact_lock(hashtext('a')), pg_advisory_lock(1)");
            handle.execute("SELECT * FROM account WHERE id = 'a' FOR UPDATE");
            assertThat(stateOf(handle, "UPDATE account SET balance = 0 WHERE id = 'a'"))
                    .isEqualTo("FP002");
            handle.rollback();
        });
    }

    @Test
    void objectsOfTheRolesOwnThatAreNamedLikeOursAreNotUsed() {
        role().jdbi().useHandle(handle -> {
            handle.execute(
                    "CREATE TEMP TABLE fence (resource text, last_token bigint, owner text, applied boolean, claimed_by xid8, claimed_at timestamptz, result text)");
            handle.execute("CREATE TEMP TABLE account AS SELECT * FROM public.account");
            handle.execute("CREATE FUNCTION pg_temp.age(xid) RETURNS int LANGUAGE sql AS 'SELECT 0'");
            handle.execute(
                    "CREATE FUNCTION pg_temp.current_setting(text) RETURNS text LANGUAGE sql AS $$ SELECT 'on' $$");
            handle.execute("CREATE FUNCTION public.yes(xid8, xid8) RETURNS boolean LANGUAGE sql AS 'SELECT true'");
            handle.execute("CREATE OPERATOR public.= (LEFTARG = xid8, RIGHTARG = xid8, FUNCTION = public.yes)");
            handle.begin();
            handle.execute("SET LOCAL search_path = public, pg_temp, pg_catalog");
            handle.execute("INSERT INTO pg_temp.fence VALUES ('a', 1, '', false, pg_current_xact_id(), now(), NULL)");
            assertThat(stateOf(handle, "UPDATE public.account SET balance = 0 WHERE id = 'a'"))
                    .isEqualTo("FP002");
            handle.rollback();
            handle.execute("DROP OPERATOR public.= (xid8, xid8)");
            handle.execute("DROP FUNCTION public.yes(xid8, xid8)");
        });
        assertThat(balances()).containsExactly("a=1", "b=2");
    }

    @Test
    void aCursorThatWasOpenedBeforeTheClaimOpensNothingAfterIt() {
        role().jdbi().useHandle(handle -> {
            handle.begin();
            guard.claim(handle, TOKEN).orThrow();
            handle.execute("DECLARE c CURSOR FOR SELECT * FROM account WHERE id = 'b' FOR UPDATE");
            handle.execute("FETCH c");
            assertThat(stateOf(handle, "DELETE FROM account WHERE CURRENT OF c"))
                    .isEqualTo("FP002");
            handle.rollback();
        });
    }

    private static ApplicationRole role() {
        return Objects.requireNonNull(role);
    }

    /** The SQLSTATE that a statement fails with; empty when it does not. */
    private static String stateOf(Handle handle, String statement) {
        try {
            handle.getConnection().createStatement().execute(statement);
            return "";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    private static List<String> balances() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT id || '=' || balance FROM account ORDER BY id")
                        .mapTo(String.class)
                        .list());
    }
}
