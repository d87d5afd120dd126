package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Guards that are wrong in one place each. For every one there is a run in which a stale holder gets through, and the same run with the real guard, in which it does not. The sixth, reading before the claim,
 * is the control of {@link LostUpdateTest}.
 */
class WrongGuardsTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private static final FencingToken OLD = new FencingToken("r", 33, "a");
    private static final FencingToken NEW = new FencingToken("r", 34, "b");
    private static final FencingToken TWIN = new FencingToken("r", 34, "c");

    private final FenceGuard guard = FenceGuard.of(postgres.dataSource());

    @BeforeAll
    static void createTables() {
        postgres.jdbi().useHandle(handle -> handle.createScript("""
                        CREATE TABLE document (resource text NOT NULL PRIMARY KEY, written_by bigint);
                        CREATE TABLE naive_fence (resource text PRIMARY KEY, last_token bigint);
                        """).execute());
    }

    @BeforeEach
    void startAgain() {
        postgres.jdbi().useHandle(handle -> {
            FencedTables.unprotect(postgres.dataSource(), "public", "document");
            handle.execute("TRUNCATE document, naive_fence, fencepost.fence");
            handle.execute("INSERT INTO document VALUES ('r', 32)");
            handle.execute("INSERT INTO naive_fence VALUES ('r', 32)");
        });
    }

    /** A write of a holder, in a transaction that is open. */
    private interface Write {
        /** Whether it was let through. */
        boolean by(Handle handle, FencingToken token);
    }

    private boolean real(Handle handle, FencingToken token) {
        return !(guard.claim(handle, token) instanceof Verdict.Stale) && write(handle, token);
    }

    /** The new holder has written and not committed when the old one's statement arrives: at READ COMMITTED the sub-query is not asked again after the wait. */
    @Test
    void aCheckInASubQueryLetsAStaleWriteThrough() throws Exception {
        Write mutant = (handle, token) -> {
            int rows = handle.createUpdate("UPDATE document SET written_by = :token WHERE resource = 'r'"
                            + " AND (SELECT last_token FROM naive_fence WHERE resource = 'r') < :token")
                    .bind("token", token.value())
                    .execute();
            handle.createUpdate("UPDATE naive_fence SET last_token = :token WHERE last_token < :token")
                    .bind("token", token.value())
                    .execute();
            return rows == 1;
        };
        assertThat(staleWriteThatHadToWait(mutant)).isTrue();
        assertThat(writtenBy()).isEqualTo(33);

        startAgain();
        assertThat(staleWriteThatHadToWait(this::real)).isFalse();
        assertThat(writtenBy()).isEqualTo(34);
    }

    private static boolean staleWriteThatHadToWait(Write write) throws Exception {
        CompletableFuture<Boolean> stale = new CompletableFuture<>();
        postgres.jdbi().useTransaction(live -> {
            assertThat(write.by(live, NEW)).isTrue();
            stale.completeAsync(() -> inTransaction(write, OLD));
            awaitBlocked();
        });
        return stale.get(20, TimeUnit.SECONDS);
    }

    /** Two holders of one number, as counters hand out that are not agreed. */
    @Test
    void equalityWithoutTheOwnerLetsTwoHoldersOfOneNumberThrough() {
        Write mutant = (handle, token) -> handle.createUpdate(
                                        "INSERT INTO naive_fence VALUES ('r', :token)"
                                                + " ON CONFLICT (resource) DO UPDATE SET last_token = :token WHERE naive_fence.last_token <= :token")
                                .bind("token", token.value())
                                .execute()
                        == 1
                && write(handle, token);
        assertThat(inTransaction(mutant, NEW)).isTrue();
        assertThat(inTransaction(mutant, TWIN)).isTrue();

        assertThat(inTransaction(this::real, NEW)).isTrue();
        assertThat(inTransaction(this::real, TWIN)).isFalse();
    }

    /** The old holder was current when it was checked, in a transaction of its own, and is not when it writes. */
    @Test
    void aCheckOutsideTheTransactionLetsAStaleWriteThrough() {
        assertThat(inTransaction((handle, token) -> !(guard.claim(handle, token) instanceof Verdict.Stale), OLD))
                .isTrue();
        assertThat(inTransaction(this::real, NEW)).isTrue();
        assertThat(inTransaction(WrongGuardsTest::write, OLD)).isTrue();
        assertThat(writtenBy()).isEqualTo(33);

        assertThat(inTransaction(this::real, NEW)).isTrue();
        assertThat(inTransaction(this::real, OLD)).isFalse();
        assertThat(writtenBy()).isEqualTo(34);
    }

    /** {@code IF new < old} is neither true nor false for NULL, and so refuses nothing. */
    @Test
    void aComparisonThatLetsNullThroughIsNoGuard() {
        postgres.jdbi().useHandle(handle -> handle.createScript("""
                        CREATE FUNCTION naive_check() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN
                            IF NEW.written_by < OLD.written_by THEN RAISE EXCEPTION 'stale'; END IF;
                            RETURN NEW;
                        END $$;
                        CREATE TRIGGER naive BEFORE UPDATE ON document FOR EACH ROW EXECUTE FUNCTION naive_check()
                        """).execute());
        try {
            postgres.jdbi().useHandle(handle -> {
                assertThatThrownBy(() -> handle.execute("UPDATE document SET written_by = 31"))
                        .hasMessageContaining("stale");
                assertThat(handle.execute("UPDATE document SET written_by = NULL"))
                        .isEqualTo(1);
                assertThat(handle.execute("UPDATE document SET written_by = 31"))
                        .isEqualTo(1);
            });
        } finally {
            postgres.jdbi().useHandle(handle -> handle.execute("DROP FUNCTION naive_check() CASCADE"));
        }

        for (String claim :
                List.of("NULL, 34, '', false", "'r', NULL, '', false", "'r', 34, NULL, false", "'r', 34, '', NULL")) {
            assertThatThrownBy(() -> postgres.jdbi()
                            .useHandle(handle -> handle.execute("SELECT fencepost.claim(" + claim + ")")))
                    .hasMessageContaining("takes no NULL");
        }
        FencedTables.protect(
                postgres.dataSource(), Protection.byExpression("public", "document", "nullif(resource, 'nobody')"));
        assertThatThrownBy(() -> postgres.jdbi()
                        .useHandle(handle -> handle.execute("INSERT INTO document VALUES ('nobody', 31)")))
                .hasMessageContaining("names no resource");
    }

    /** Deleting the row and inserting it again is no UPDATE. */
    @Test
    void aTriggerOnUpdateOnlyIsPassedByDeleteAndInsert() {
        FencedTables.protect(postgres.dataSource(), Protection.byColumn("public", "document", "resource"));
        Jdbi jdbi = postgres.jdbi();
        jdbi.useHandle(handle -> {
            assertThatThrownBy(() -> rewrite(handle)).hasMessageContaining("has not claimed");
            assertThat(writtenBy()).isEqualTo(32);

            String function = handle.createQuery(
                            "SELECT tgfoid::regproc FROM pg_trigger WHERE tgname = 'fencepost_guard'")
                    .mapTo(String.class)
                    .one();
            handle.execute("DROP TRIGGER fencepost_guard ON document");
            handle.execute("CREATE TRIGGER fencepost_guard AFTER UPDATE ON document FOR EACH ROW EXECUTE FUNCTION "
                    + function + "('refuse', 'column', 'resource')");
            assertThatThrownBy(() -> handle.execute("UPDATE document SET written_by = 31"))
                    .hasMessageContaining("has not claimed");
            rewrite(handle);
        });
        assertThat(writtenBy()).isEqualTo(31);
    }

    private static void rewrite(Handle handle) {
        handle.useTransaction(same -> {
            same.execute("DELETE FROM document");
            same.execute("INSERT INTO document VALUES ('r', 31)");
        });
    }

    private static boolean inTransaction(Write write, FencingToken token) {
        return postgres.jdbi().inTransaction(handle -> write.by(handle, token));
    }

    private static boolean write(Handle handle, FencingToken token) {
        return handle.execute("UPDATE document SET written_by = ? WHERE resource = 'r'", token.value()) == 1;
    }

    private static long writtenBy() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT written_by FROM document")
                        .mapTo(Long.class)
                        .one());
    }

    private static void awaitBlocked() {
        Awaitility.await().until(() -> {
            try (Connection connection = postgres.dataSource().getConnection();
                    PreparedStatement waiting = connection.prepareStatement("SELECT count(*) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0");
                    ResultSet row = waiting.executeQuery()) {
                return row.next() && row.getInt(1) > 0;
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
    }
}
