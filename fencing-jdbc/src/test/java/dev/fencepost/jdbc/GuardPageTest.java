package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.jdbc.FencedRows.FencedUpdate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What docs/guard.md shows as Java is run here, word for word. */
class GuardPageTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.blank();

    private static DataSource dataSource;

    private final Jdbi jdbi = Jdbi.create(postgres.dataSource());
    private final FenceGuard guard = FenceGuard.of(postgres.dataSource());
    private final FencingToken token = FencingToken.of("account/a", 7);

    @BeforeAll
    static void setUp() {
        dataSource = postgres.dataSource();
        FenceSchema.migrate(dataSource); // once, at start-up
        postgres.jdbi().useHandle(handle -> handle.createScript("""
                        CREATE TABLE charge (invoice text NOT NULL DEFAULT 'invoice/42', invoice_id int, cents int);
                        CREATE TABLE account (id text, balance int);
                        INSERT INTO account VALUES ('a', 10000);
                        CREATE TABLE invoice (id int PRIMARY KEY, state text, last_token bigint NOT NULL);
                        INSERT INTO invoice VALUES (42, 'open', 0);
                        """).execute());
    }

    @Test
    void verbsAndActivation() {
        LockClient locks = guard.activating(PostgresLocks.connect(dataSource));
        try (locks;
                Lease lease = locks.acquire("invoice/42", Duration.ofSeconds(30))) {
            guard.writeOnce(
                    lease.token(),
                    handle -> handle.execute("INSERT INTO charge (invoice_id, cents) VALUES (?, ?)", 42, 9900));
            guard.write(
                    lease.token(), handle -> handle.execute("UPDATE charge SET cents = 9500 WHERE invoice_id = 42"));
            assertThat(textOf("SELECT string_agg(invoice_id || ':' || cents, ' ') FROM charge"))
                    .isEqualTo("42:9500");

            FencedTables.protect(
                    dataSource,
                    Protection.byColumn("public", "charge", "invoice").reporting()); // counts
            FencedTables.protect(dataSource, Protection.byColumn("public", "charge", "invoice")); // refuses
            assertThatThrownBy(() -> jdbi.useHandle(handle -> handle.execute("DELETE FROM charge")))
                    .hasMessageContaining("has not claimed");
            guard.write(lease.token(), handle -> handle.execute("DELETE FROM charge"));
            FencedTables.unprotect(dataSource, "public", "charge");
        }
    }

    @Test
    void oneRoundTrip() {
        OnceResult<Integer> rows =
                guard.sql().writeOnce(token, "UPDATE account SET balance = balance - ? WHERE id = ?", 9900, "a");

        assertThat(rows).isEqualTo(new OnceResult.First<>(1));
        assertThat(textOf("SELECT balance FROM account")).isEqualTo("100");
    }

    @Test
    void aTransactionOfTheApplication() throws SQLException {
        for (int i = 0; i < 2; i++) {
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                claimed(connection);
                connection.commit();
            }
        }
        assertThat(textOf("SELECT count(*) FROM charge WHERE invoice_id = 1")).isEqualTo("1");
    }

    private void claimed(Connection connection) throws SQLException {
        FencingToken token = FencingToken.of("invoice/1", 7);
        guard.claim(connection, token).orThrow(); // any number of transactions per token
        if (guard.claimOnce(connection, token) == Once.FIRST) { // one
            charge(connection);
        }
    }

    private static void charge(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO charge (invoice_id) VALUES (1)");
        }
    }

    public interface Invoices {
        @FencedUpdate(table = "invoice")
        void setState(FencingToken token, int id, String state);
    }

    @Test
    void rowsWithTokens() {
        jdbi.installPlugin(new FencepostPlugin()).installPlugin(new SqlObjectPlugin());
        jdbi.useHandle(handle -> {
            FencedRows invoices = new FencedRows("public", "invoice", "id", "last_token");
            RowResult result = invoices.update(handle, token, 42, Map.of("state", "paid"));
            assertThat(result).isEqualTo(new RowResult.Applied());
        });
        jdbi.useExtension(Invoices.class, invoices -> invoices.setState(FencingToken.of("i", 8), 42, "sent"));
        assertThat(textOf("SELECT state || last_token FROM invoice")).isEqualTo("sent8");
    }

    @Test
    void metrics() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        FenceGuard told =
                guard.telling(FenceMetrics.in(registry, resource -> resource.substring(0, resource.indexOf('/')))
                        .showing(dataSource));

        told.write(FencingToken.of("order/1", 1), handle -> {});
        assertThat(registry.get("fencepost.guard.admitted")
                        .tag("group", "order")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void verification() {
        FencedTables.protect(dataSource, Protection.byColumn("public", "charge", "invoice"));
        assertThatThrownBy(() -> {
                    FencedTables.verify(dataSource, List.of(Protection.byColumn("public", "charge", "invoice")));
                })
                .hasMessageContaining("superuser");
        FencedTables.unprotect(dataSource, "public", "charge");
    }

    private String textOf(String query) {
        return jdbi.withHandle(
                handle -> handle.createQuery(query).mapTo(String.class).one());
    }
}
