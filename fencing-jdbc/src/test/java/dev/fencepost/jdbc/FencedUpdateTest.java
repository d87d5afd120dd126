package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.FencedRows.FencedUpdate;
import java.util.NoSuchElementException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fenced writes as methods of a SQL Object. */
class FencedUpdateTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    /** What an application would write. */
    public interface Invoices {
        @FencedUpdate(table = "invoice")
        void setState(FencingToken token, int id, @Nullable String state);

        @FencedUpdate(table = "invoice", kind = FencedRows.Kind.UPSERT, remembering = true)
        RowResult put(@Bind("id") int number, @Bind("state") String how, FencingToken under);

        @FencedUpdate(table = "invoice", kind = FencedRows.Kind.DELETE, remembering = true)
        RowResult delete(FencingToken token, int id);

        @SqlUpdate("UPDATE invoice SET state = :state, last_token = :token WHERE id = :id AND last_token < :token")
        int byHand(FencingToken token, int id, String state);

        @SqlQuery("SELECT state || ' ' || last_token FROM invoice WHERE id = 1")
        String first();
    }

    /** A mistake. */
    public interface WithoutToken {
        @FencedUpdate(table = "invoice")
        void write(int id, String state);
    }

    /** A mistake. */
    public interface WithoutKey {
        @FencedUpdate(table = "invoice")
        void write(FencingToken token, String state);
    }

    /** A mistake. */
    public interface WithAnotherResult {
        @FencedUpdate(table = "invoice")
        boolean write(FencingToken token, int id);
    }

    private final FencingToken older = FencingToken.of("invoice/1", 33);
    private final FencingToken newer = FencingToken.of("invoice/1", 34);
    private final Jdbi jdbi =
            postgres.jdbi().installPlugin(new SqlObjectPlugin()).installPlugin(new FencepostPlugin());

    @BeforeAll
    static void createTable() {
        postgres.jdbi()
                .useHandle(handle -> handle.execute(
                        "CREATE TABLE invoice (id int PRIMARY KEY, state text, last_token bigint NOT NULL)"));
    }

    @BeforeEach
    void startWithOneRow() {
        postgres.jdbi().useHandle(handle -> {
            handle.execute("TRUNCATE invoice, fencepost.fence");
            handle.execute("INSERT INTO invoice VALUES (1, 'new', 32)");
        });
    }

    @Test
    void aStaleTokenThrowsWithBothTokens() {
        Invoices invoices = jdbi.onDemand(Invoices.class);
        invoices.setState(newer, 1, "paid");
        invoices.setState(newer, 1, "repeated");

        assertThatThrownBy(() -> invoices.setState(older, 1, "late"))
                .isInstanceOfSatisfying(StaleTokenException.class, stale -> {
                    assertThat(stale.token()).isEqualTo(older);
                    assertThat(stale.lastToken()).isEqualTo(newer);
                });
        assertThat(invoices.first()).isEqualTo("paid 34");
        assertThatThrownBy(() -> invoices.setState(newer, 2, "x")).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void otherKindsAndNamesWork() {
        jdbi.useExtension(Invoices.class, invoices -> {
            assertThat(invoices.put(1, "written", older)).isEqualTo(new RowResult.Applied());
            assertThat(invoices.byHand(newer, 1, "by hand")).isEqualTo(1);
            assertThat(invoices.byHand(older, 1, "late")).isZero();
            assertThat(invoices.put(1, "again", newer)).isEqualTo(new RowResult.AlreadyApplied());
            assertThat(invoices.delete(FencingToken.of("invoice/1", 35), 1)).isEqualTo(new RowResult.Applied());
            assertThatThrownBy(() -> invoices.put(1, "from the grave", newer)).isInstanceOf(StaleTokenException.class);
        });
    }

    @Test
    void aTransactionOfTheSqlObjectIsRolledBackByARefusal() {
        assertThatThrownBy(() -> jdbi.useTransaction(handle -> {
                    Invoices invoices = handle.attach(Invoices.class);
                    invoices.setState(newer, 1, "paid");
                    invoices.setState(older, 1, "late");
                }))
                .isInstanceOf(StaleTokenException.class);
        assertThat(jdbi.onDemand(Invoices.class).first()).isEqualTo("new 32");
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> jdbi.onDemand(WithoutToken.class).write(1, "x"))
                .hasStackTraceContaining("no parameter of type FencingToken");
        assertThatThrownBy(() -> jdbi.onDemand(WithoutKey.class).write(older, "x"))
                .hasStackTraceContaining("no parameter for the key 'id'");
        assertThatThrownBy(() -> jdbi.onDemand(WithAnotherResult.class).write(older, 1))
                .hasStackTraceContaining("void or RowResult");
    }
}
