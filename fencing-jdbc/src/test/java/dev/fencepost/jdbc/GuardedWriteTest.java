package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.fencepost.FencepostException.Advice;
import dev.fencepost.FencingToken;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GuardedWriteTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private static final String INSERT = "INSERT INTO charge (invoice_id, cents) VALUES (?, ?)";

    private final FencingToken older = new FencingToken("invoice/42", 33, "owner-a");
    private final FencingToken newer = new FencingToken("invoice/42", 34, "owner-b");

    private FenceGuard guard;

    @BeforeAll
    static void createTable() {
        postgres.jdbi().useHandle(handle -> handle.execute("CREATE TABLE charge (invoice_id int, cents int)"));
    }

    @BeforeEach
    void startEmpty() {
        guard = FenceGuard.of(postgres.dataSource());
        postgres.jdbi().useHandle(handle -> handle.execute("TRUNCATE charge, fencepost.fence"));
    }

    @Test
    void writeOnceAppliesTheWorkAndSaysSo() {
        Once once = guard.writeOnce(newer, handle -> handle.execute(INSERT, 42, 9900));

        assertThat(once).isEqualTo(Once.FIRST);
        assertThat(charges()).containsExactly(9900);
    }

    @Test
    void repeatedWriteOnceIsToldThatItIsApplied() {
        guard.writeOnce(newer, handle -> handle.execute(INSERT, 42, 9900));

        Once once = guard.writeOnce(newer, handle -> handle.execute(INSERT, 42, 9900));

        assertThat(once).isEqualTo(Once.ALREADY_APPLIED);
        assertThat(charges()).containsExactly(9900);
    }

    @Test
    void aGuardOverAJdbiWritesThroughItsHandles() {
        FenceGuard.of(postgres.jdbi()).writeOnce(newer, handle -> handle.execute(INSERT, 42, 9900));

        assertThat(charges()).containsExactly(9900);
    }

    @Test
    void staleTokenIsRefusedAfterALaterWrite() {
        guard.write(newer, handle -> handle.execute(INSERT, 42, 2));

        assertThatThrownBy(() -> guard.write(older, handle -> handle.execute(INSERT, 42, 1)))
                .asInstanceOf(type(StaleTokenException.class))
                .satisfies(stale -> {
                    assertThat(stale.advice()).isEqualTo(Advice.NEVER_RETRY_WITH_THIS_TOKEN);
                    assertThat(stale.resource()).isEqualTo("invoice/42");
                    assertThat(stale.token().value()).isEqualTo(33);
                    assertThat(stale.lastToken().value()).isEqualTo(34);
                    assertThat(stale).hasMessageContainingAll("invoice/42#33", "invoice/42#34");
                });
        assertThat(charges()).containsExactly(2);
    }

    @Test
    void staleTokenThatOnceWroteIsNotTakenForApplied() {
        guard.writeOnce(older, handle -> handle.execute(INSERT, 42, 1));
        guard.writeOnce(newer, handle -> handle.execute(INSERT, 42, 2));

        assertThatThrownBy(() -> guard.writeOnce(older, handle -> handle.execute(INSERT, 42, 1)))
                .isInstanceOf(StaleTokenException.class);
        assertThat(charges()).containsExactly(1, 2);
    }

    @Test
    void theSameNumberOfAnotherOwnerIsStale() {
        FencingToken twin = new FencingToken("invoice/42", 34, "owner-c");
        guard.write(newer, handle -> handle.execute(INSERT, 42, 2));

        assertThatThrownBy(() -> guard.write(twin, handle -> handle.execute(INSERT, 42, 3)))
                .isInstanceOf(StaleTokenException.class)
                .hasMessageContaining("the same number of another owner")
                .hasMessageNotContainingAny("owner-b", "owner-c");
        assertThatThrownBy(() -> guard.writeOnce(twin, handle -> handle.execute(INSERT, 42, 3)))
                .isInstanceOf(StaleTokenException.class);
        assertThat(charges()).containsExactly(2);
    }

    @Test
    void aTokenWithoutAnOwnerIsNotTheSameAsOneWith() {
        FencingToken foreign = FencingToken.of("invoice/42", 34);
        guard.write(newer, handle -> handle.execute(INSERT, 42, 2));

        assertThatThrownBy(() -> guard.write(foreign, handle -> handle.execute(INSERT, 42, 3)))
                .isInstanceOf(StaleTokenException.class);
    }

    @Test
    void tokensWithoutOwnersAreOneHolderWhenTheirNumberIsOne() {
        guard.write(FencingToken.of("zxid", 7), handle -> handle.execute(INSERT, 1, 1));
        guard.write(FencingToken.of("zxid", 7), handle -> handle.execute(INSERT, 1, 2));

        assertThat(charges()).containsExactly(1, 2);
    }

    @Test
    void aTokenMayWriteManyTransactions() {
        guard.write(newer, handle -> handle.execute(INSERT, 42, 1));
        guard.write(newer, handle -> handle.execute(INSERT, 42, 2));

        assertThat(charges()).containsExactly(1, 2);
    }

    @Test
    void aWriteDoesNotUseUpTheOneWriteOfItsToken() {
        guard.write(newer, handle -> handle.execute(INSERT, 42, 1));

        assertThat(guard.writeOnce(newer, handle -> handle.execute(INSERT, 42, 2)))
                .isEqualTo(Once.FIRST);
        guard.write(newer, handle -> handle.execute(INSERT, 42, 3));
        assertThat(guard.writeOnce(newer, handle -> handle.execute(INSERT, 42, 4)))
                .isEqualTo(Once.ALREADY_APPLIED);
        assertThat(charges()).containsExactly(1, 2, 3);
    }

    @Test
    void resourcesDoNotMeet() {
        guard.write(FencingToken.of("a", 9), handle -> handle.execute(INSERT, 1, 1));
        guard.write(FencingToken.of("A", 1), handle -> handle.execute(INSERT, 1, 2));
        guard.write(FencingToken.of("a ", 1), handle -> handle.execute(INSERT, 1, 3));
        guard.write(FencingToken.of("\u00e4'\"\\%", 1), handle -> handle.execute(INSERT, 1, 4));
        guard.write(FencingToken.of("a\u0308'\"\\%", FencingToken.MAX_VALUE), handle -> handle.execute(INSERT, 1, 5));

        assertThat(charges()).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void theLongestNameOfAResourceFits() {
        String longest = "\u6f22".repeat(FencingToken.MAX_RESOURCE_LENGTH);

        guard.write(FencingToken.of(longest, 1), handle -> handle.execute(INSERT, 1, 1));

        assertThatThrownBy(() -> guard.write(new FencingToken(longest, 1, "x"), handle -> {}))
                .isInstanceOf(StaleTokenException.class);
    }

    @Test
    void workThatThrowsLeavesNothingAndItsExceptionPasses() {
        IOException failure = new IOException("the payment service is down");

        assertThatThrownBy(() -> guard.writeOnce(newer, handle -> {
                    handle.execute(INSERT, 42, 1);
                    throw failure;
                }))
                .isSameAs(failure);

        assertThat(charges()).isEmpty();
        assertThat(fences()).isEmpty();
        assertThat(guard.writeOnce(newer, handle -> handle.execute(INSERT, 42, 2)))
                .isEqualTo(Once.FIRST);
    }

    @Test
    void errorsOfTheWorkPassToo() {
        assertThatThrownBy(() -> guard.write(newer, handle -> {
                    handle.execute(INSERT, 42, 1);
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOf(StackOverflowError.class);

        assertThat(charges()).isEmpty();
    }

    @Test
    void workMayReturnAValue() {
        int rows = guard.writeReturning(newer, handle -> handle.execute(INSERT, 42, 7));
        assertThat(rows).isEqualTo(1);
        assertThat(guard.writeOnceReturning(newer, handle -> "receipt")).isEqualTo(new OnceResult.First<>("receipt"));
        assertThat(guard.writeOnceReturning(newer, handle -> "receipt")).isEqualTo(new OnceResult.AlreadyApplied<>());
    }

    @Test
    void workThatIsToReturnAValueMustNotReturnNull() {
        assertThatThrownBy(() -> guard.<String, RuntimeException>writeOnceReturning(newer, handle -> {
                    handle.execute(INSERT, 42, 7);
                    return null;
                }))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("must return a value");

        assertThat(charges()).isEmpty();
    }

    @Test
    void plainConnectionsHaveTheSameVerbs() throws Exception {
        JdbcFenceGuard jdbc = guard.jdbc();
        ConnectionConsumer<java.sql.SQLException> insert = connection -> {
            try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
                statement.setInt(1, 42);
                statement.setInt(2, 5);
                statement.executeUpdate();
            }
        };

        jdbc.write(newer, insert);
        assertThat(jdbc.writeOnce(newer, insert)).isEqualTo(Once.FIRST);
        assertThat(jdbc.writeOnce(newer, insert)).isEqualTo(Once.ALREADY_APPLIED);
        boolean readOnly = jdbc.writeReturning(newer, Connection::isReadOnly);
        assertThat(readOnly).isFalse();
        assertThat(jdbc.writeOnceReturning(newer, connection -> 1)).isEqualTo(new OnceResult.AlreadyApplied<>());
        assertThatThrownBy(() -> jdbc.write(older, insert)).isInstanceOf(StaleTokenException.class);
        assertThat(charges()).containsExactly(5, 5);
    }

    @Test
    void aClaimForcesSynchronousCommitForItsTransactionAlone() {
        postgres.jdbi().useHandle(handle -> {
            handle.execute("SET synchronous_commit = off");
            handle.useTransaction(inside -> {
                guard.claim(inside, newer).orThrow();
                assertThat(setting(inside)).isEqualTo("on");
            });
            assertThat(setting(handle)).isEqualTo("off");
        });
    }

    @Test
    void aClaimDoesNotWeakenAStrongerSynchronousCommit() {
        postgres.jdbi().useHandle(handle -> {
            handle.execute("SET synchronous_commit = remote_apply");
            handle.useTransaction(inside -> {
                guard.claim(inside, newer).orThrow();
                assertThat(setting(inside)).isEqualTo("remote_apply");
            });
        });
    }

    @Test
    void theWorkSeesWhatEarlierHoldersHaveWritten() {
        guard.write(older, handle -> handle.execute(INSERT, 42, 1));

        int seen = guard.writeReturning(
                newer,
                handle -> handle.createQuery("SELECT count(*) FROM charge")
                        .mapTo(Integer.class)
                        .one());

        assertThat(seen).isEqualTo(1);
    }

    @Test
    void whatFollowsTheCommitRunsAfterIt() {
        guard.write(newer, handle -> {
            handle.execute(INSERT, 42, 1);
            handle.afterCommit(() -> assertThat(charges()).containsExactly(1));
        });
        guard.write(
                newer,
                handle -> handle.afterCommit(() -> {
                    throw new IllegalStateException("too late to fail the write");
                }));

        assertThat(charges()).containsExactly(1);
    }

    private static String setting(org.jdbi.v3.core.Handle handle) {
        return handle.createQuery("SHOW synchronous_commit").mapTo(String.class).one();
    }

    private static List<Integer> charges() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT cents FROM charge ORDER BY cents")
                        .mapTo(Integer.class)
                        .list());
    }

    private static List<String> fences() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT resource FROM fencepost.fence")
                        .mapTo(String.class)
                        .list());
    }
}
