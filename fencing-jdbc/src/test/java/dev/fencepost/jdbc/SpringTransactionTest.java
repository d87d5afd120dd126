package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** Claims in the transaction that Spring's transaction manager has opened, for plain JDBC and for Jdbi. */
class SpringTransactionTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private final FencingToken older = new FencingToken("r", 33, "a");
    private final FencingToken newer = new FencingToken("r", 34, "b");

    private final DataSource dataSource = postgres.dataSource();
    private final DataSource joined = new TransactionAwareDataSourceProxy(dataSource);
    private final TransactionTemplate transactions =
            new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    private final JdbcTemplate template = new JdbcTemplate(dataSource);
    private final FenceGuard guard = FenceGuard.of(joined);

    @BeforeAll
    static void createTable() {
        postgres.jdbi().useHandle(handle -> handle.execute("CREATE TABLE written (id text)"));
        FencedTables.protect(postgres.dataSource(), Protection.byColumn("public", "written", "id"));
    }

    @BeforeEach
    void startEmpty() {
        postgres.jdbi()
                .useTransaction(handle -> handle.createScript(
                                "ALTER TABLE written DISABLE TRIGGER USER; TRUNCATE written, fencepost.fence;"
                                        + " ALTER TABLE written ENABLE ALWAYS TRIGGER fencepost_guard")
                        .execute());
    }

    @Test
    void aConnectionOfTheRunningTransactionClaimsForWhatTheTemplateWrites() {
        transactions.executeWithoutResult(status -> {
            assertThat(guard.claim(DataSourceUtils.getConnection(dataSource), newer))
                    .isInstanceOf(Verdict.Claimed.class);
            template.update("INSERT INTO written VALUES ('r')");
        });

        assertThat(rows()).isEqualTo(1);
        assertThatThrownBy(() -> template.update("INSERT INTO written VALUES ('r')"))
                .satisfies(
                        thrown -> assertThat(UnclaimedWriteException.in(thrown)).isPresent());
    }

    @Test
    void aHandleOverTheProxyJoinsTheRunningTransaction() {
        transactions.executeWithoutResult(status -> {
            try (Handle handle = Jdbi.create(joined).open()) {
                assertThat(guard.claim(handle, newer)).isInstanceOf(Verdict.Claimed.class);
                handle.execute("INSERT INTO written VALUES ('r')");
            }
            template.update("INSERT INTO written VALUES ('r')");
        });

        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void aStaleClaimRollsTheWholeTransactionBack() {
        guard.write(newer, handle -> {});

        assertThatThrownBy(() -> transactions.executeWithoutResult(status -> {
                    template.update("INSERT INTO fencepost.fence VALUES ('other', 1, '', false, '1', now())");
                    guard.claim(DataSourceUtils.getConnection(dataSource), older)
                            .orThrow();
                }))
                .isInstanceOf(StaleTokenException.class);

        assertThat(template.queryForObject("SELECT count(*) FROM fencepost.fence", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void aClaimThatSpringRollsBackNeverWas() {
        transactions.executeWithoutResult(status -> {
            guard.claim(DataSourceUtils.getConnection(dataSource), newer);
            status.setRollbackOnly();
        });

        assertThat(guard.writeOnce(older, handle -> {})).isEqualTo(Once.FIRST);
    }

    @Test
    void outsideOfATransactionAClaimIsRefusedAndAWriteInsideOneToo() {
        assertThatThrownBy(() -> guard.claim(DataSourceUtils.getConnection(dataSource), newer))
                .isInstanceOf(IllegalTransactionStateException.class)
                .hasMessageContaining("auto-commit");
        assertThatThrownBy(() -> transactions.executeWithoutResult(status -> guard.write(newer, handle -> {})))
                .isInstanceOf(IllegalTransactionStateException.class)
                .hasMessageContaining("inside one already");
    }

    private int rows() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM written")
                        .mapTo(Integer.class)
                        .one());
    }
}
