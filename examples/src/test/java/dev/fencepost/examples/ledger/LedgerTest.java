package dev.fencepost.examples.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencepostException;
import dev.fencepost.FencingToken;
import dev.fencepost.LockClient;
import dev.fencepost.MultiLease;
import dev.fencepost.examples.ledger.Receipt.Outcome;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.FencedTables;
import dev.fencepost.jdbc.StaleTokenException;
import dev.fencepost.jdbc.UnclaimedWriteException;
import dev.fencepost.redis.RedisLocks;
import dev.fencepost.servers.PostgresDatabase;
import dev.fencepost.servers.PostgresServer;
import dev.fencepost.servers.RedisServers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.ds.PGSimpleDataSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LedgerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int READ_AND_WRITE = 2;

    private final RedisServers redis = RedisServers.start(1);
    private final PostgresServer postgres = PostgresServer.start();
    private final LockClient locks = RedisLocks.connect(redis.uris());
    private final Tally tally = new Tally();
    private PGSimpleDataSource application = new PGSimpleDataSource();
    private Jdbi owner = Jdbi.create(application);
    private long lastId;

    @BeforeAll
    void openBooks() {
        PostgresDatabase database = postgres.newDatabase();
        owner = Jdbi.create(database.dataSource());
        Books.migrate(database.dataSource());
        owner.useTransaction(handle -> Books.open(handle, 100, 10_000));
        Books.protect(database.dataSource());
        String role = "app_" + database.name();
        Books.createRole(owner, role, "fencepost-test");
        application = (PGSimpleDataSource) database.dataSource();
        application.setUser(role);
        application.setPassword("fencepost-test");
    }

    @AfterAll
    void close() {
        try (redis;
                postgres) {
            locks.close();
        }
    }

    @Test
    void theDocumentedGrantsAreEnoughAndNotTooMuch() {
        FencedTables.verify(application, Books.PROTECTIONS);

        assertThat(ledger().transfer(new Transfer(++lastId, 1, 2, 300), PATIENCE))
                .isEqualTo(new Receipt(Outcome.POSTED, false));
        assertThat(List.of(balance(1), balance(2))).containsExactly(9_700L, 10_300L);
    }

    @Test
    void aRepeatedOrderIsToldWhatWasDecidedAndChangesNothing() {
        Transfer posted = new Transfer(++lastId, 3, 4, 300);
        Transfer declined = new Transfer(++lastId, 3, 4, 10_001);

        for (boolean repeated : List.of(false, true)) {
            assertThat(ledger().transfer(posted, PATIENCE)).isEqualTo(new Receipt(Outcome.POSTED, repeated));
            assertThat(ledger().transfer(declined, PATIENCE)).isEqualTo(new Receipt(Outcome.DECLINED, repeated));
        }

        assertThat(List.of(balance(3), balance(4))).containsExactly(9_700L, 10_300L);
    }

    @Test
    void anOrderWhoseCommitWasNotAnsweredIsPostedOnce() {
        Transfer transfer = new Transfer(++lastId, 5, 6, 300);
        Ledger unlucky = new Ledger("unlucky", locks, new LosingTheAnswer(guarded(), READ_AND_WRITE), tally);

        Receipt receipt = unlucky.transfer(transfer, PATIENCE);

        assertThat(receipt).isEqualTo(new Receipt(Outcome.POSTED, true));
        assertThat(tally.counts()).containsEntry("AnswerLost", 1L);
        assertThat(List.of(balance(5), balance(6))).containsExactly(9_700L, 10_300L);
        assertThat(entries(transfer)).isEqualTo(1);
    }

    @Test
    void anOrderWhoseConnectionIsCutByTheCommitIsPostedOnce() {
        Transfer transfer = new Transfer(++lastId, 11, 12, 300);
        owner.useHandle(handle -> handle.createScript("""
                        CREATE SEQUENCE ledger.cuts;
                        CREATE FUNCTION ledger.cut() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS '
                            BEGIN
                                IF nextval(''ledger.cuts'') = 1 THEN
                                    PERFORM pg_terminate_backend(pg_backend_pid());
                                END IF;
                                RETURN NULL;
                            END';
                        CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON ledger.transfer DEFERRABLE INITIALLY DEFERRED
                            FOR EACH ROW WHEN (NEW.debit = 11) EXECUTE FUNCTION ledger.cut();
                        """).execute());
        Tally seen = new Tally();

        Receipt receipt = new Ledger("cut", locks, guarded(), seen).transfer(transfer, PATIENCE);

        assertThat(receipt).isEqualTo(new Receipt(Outcome.POSTED, false));
        assertThat(seen.counts()).containsExactly(Map.entry("OutcomeUnknownException", 1L));
        assertThat(List.of(balance(11), balance(12))).containsExactly(9_700L, 10_300L);
        assertThat(entries(transfer)).isEqualTo(1);
    }

    @Test
    void aMistakeIsNotTriedAgain() {
        assertThatThrownBy(() -> ledger().transfer(new Transfer(++lastId, 1, 101, 300), PATIENCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no account 101");
    }

    @Test
    void theDatabaseRefusesABalanceThatIsSetPastTheGuard() {
        Jdbi jdbi = Jdbi.create(application);

        assertThatThrownBy(() ->
                        jdbi.useHandle(handle -> handle.execute("UPDATE ledger.account SET balance = 1 WHERE id = 7")))
                .satisfies(
                        thrown -> assertThat(UnclaimedWriteException.in(thrown)).isPresent());
        assertThatThrownBy(() -> jdbi.useHandle(handle -> handle.execute("DELETE FROM ledger.posting")))
                .hasRootCauseInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied");
        assertThat(balance(7)).isEqualTo(10_000);
    }

    @Test
    void aStaleTokenOfEitherAccountIsRefused() {
        FencingToken old = FencingToken.of(Ledger.resource(9), 1);
        ledger().transfer(new Transfer(++lastId, 8, 9, 300), PATIENCE);
        ledger().transfer(new Transfer(++lastId, 8, 9, 300), PATIENCE);

        try (MultiLease lease = locks.acquireAll(List.of(Ledger.resource(8)), PATIENCE)) {
            assertThatThrownBy(() -> guarded().run(List.of(lease.tokens().get(0), old), handle -> "written"))
                    .isInstanceOf(StaleTokenException.class);
        }
    }

    private Ledger ledger() {
        return new Ledger("test", locks, guarded(), tally);
    }

    private Transactions guarded() {
        return Transactions.guarded(FenceGuard.of(application));
    }

    private long balance(int account) {
        return owner.withHandle(handle -> handle.createQuery("SELECT balance FROM ledger.account WHERE id = :id")
                .bind("id", account)
                .mapTo(Long.class)
                .one());
    }

    private long entries(Transfer transfer) {
        return owner.withHandle(handle -> handle.createQuery("SELECT count(*) FROM ledger.transfer WHERE id = :id")
                .bindMap(Map.of("id", transfer.id()))
                .mapTo(Long.class)
                .one());
    }

    /** What was to be answered is committed. */
    private static final class AnswerLost extends FencepostException {
        private static final long serialVersionUID = 1L;

        AnswerLost() {
            super(Advice.RETRY_LATER, "the connection broke after the commit");
        }
    }

    /** Commits, and lets the answer to one of the commits be lost. */
    private record LosingTheAnswer(Transactions transactions, AtomicInteger left) implements Transactions {
        LosingTheAnswer(Transactions transactions, int which) {
            this(transactions, new AtomicInteger(which));
        }

        @Override
        public <T> T run(Collection<FencingToken> tokens, HandleCallback<T, RuntimeException> work) {
            T result = transactions.run(tokens, work);
            if (left.decrementAndGet() == 0) {
                throw new AnswerLost();
            }
            return result;
        }
    }
}
