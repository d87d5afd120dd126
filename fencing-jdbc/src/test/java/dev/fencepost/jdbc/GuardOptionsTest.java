package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import dev.fencepost.LeaseLostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several resources at once, retries, bounds and events. */
class GuardOptionsTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private final FencingToken a = new FencingToken("a", 7, "owner");
    private final FencingToken b = new FencingToken("b", 3, "owner");
    private final FencingToken laterB = new FencingToken("b", 4, "other");
    private final List<FenceEvent> events = new ArrayList<>();
    private final FenceGuard guard = FenceGuard.of(postgres.dataSource()).telling(events::add);

    @BeforeAll
    static void createTable() {
        postgres.jdbi().useHandle(handle -> handle.execute("CREATE TABLE written (id int PRIMARY KEY)"));
    }

    @BeforeEach
    void startEmpty() {
        postgres.jdbi().useHandle(handle -> handle.execute("TRUNCATE written, fencepost.fence"));
    }

    @Test
    void severalResourcesAreClaimedAtOnceInTheOrderOfTheirNames() {
        guard.write(b, handle -> {});

        List<Verdict> verdicts = postgres.jdbi().inTransaction(handle -> guard.claimAll(handle, List.of(b, a)));

        assertThat(verdicts).containsExactly(new Verdict.Claimed(a), new Verdict.Current(b));
        assertThat(lastTokens()).containsExactly("a#7", "b#3");
    }

    @Test
    void whenOneOfSeveralIsStaleNoneIsClaimed() {
        guard.write(laterB, handle -> {});

        postgres.jdbi()
                .useTransaction(handle -> assertThatThrownBy(() -> guard.claimAll(handle, List.of(a, b)))
                        .isInstanceOfSatisfying(StaleTokenException.class, stale -> {
                            assertThat(stale.token()).isEqualTo(FencingToken.of("b", 3));
                            assertThat(stale.lastToken()).isEqualTo(FencingToken.of("b", 4));
                        }));

        // The transaction went on and was committed, and still there is no claim on "a".
        assertThat(lastTokens()).containsExactly("b#4");
    }

    @Test
    void writesUnderSeveralTokensAreAppliedTogetherOrNotAtAll() {
        guard.writeAll(List.of(b, a), handle -> insert(handle, 1));
        guard.write(laterB, handle -> {});

        assertThatThrownBy(() -> guard.writeAll(List.of(a, b), handle -> insert(handle, 2)))
                .isInstanceOf(StaleTokenException.class);
        assertThat(written()).containsExactly(1);
        assertThatThrownBy(() -> guard.writeAll(List.of(), handle -> {})).hasMessageContaining("at least one");
        assertThatThrownBy(() -> guard.writeAll(List.of(b, laterB), handle -> {}))
                .hasMessageContaining("'b'");
    }

    /** Each asks for both in the opposite order, again and again: claiming in the order given would end in a deadlock. */
    @Test
    void overlappingSetsDoNotWaitForEachOther() {
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> claimBoth(List.of(a, b)));
        claimBoth(List.of(b, a));
        other.join();

        assertThat(lastTokens()).containsExactly("a#7", "b#3");
    }

    private static void claimBoth(List<FencingToken> tokens) {
        FenceGuard plain = FenceGuard.of(postgres.dataSource());
        for (int i = 0; i < 50; i++) {
            plain.writeAll(tokens, handle -> {});
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void aLostRaceIsTriedAgainAndClaimsAnew(String state) throws SQLException {
        AtomicInteger attempts = new AtomicInteger();

        guard.retrying(3).write(a, handle -> {
            insert(handle, attempts.incrementAndGet());
            if (attempts.get() < 3) {
                throw new SQLException("lost", state);
            }
        });

        assertThat(written()).containsExactly(3);
        FenceEvent admitted = new FenceEvent.Admitted(a);
        assertThat(events)
                .containsExactly(
                        admitted, new FenceEvent.Retried(a, 2), admitted, new FenceEvent.Retried(a, 3), admitted);
    }

    @Test
    void aRetryNeverTurnsStaleIntoSuccess() {
        FenceGuard other = FenceGuard.of(postgres.dataSource());
        FenceGuard overtaken = guard.retrying(5).telling(event -> {
            if (event instanceof FenceEvent.Retried) {
                other.write(laterB, handle -> {});
            }
        });

        assertThatThrownBy(() -> overtaken.writeOnce(b, handle -> {
                    insert(handle, 1);
                    throw new SQLException("lost", "40001");
                }))
                .isInstanceOf(StaleTokenException.class);
        assertThat(written()).isEmpty();
        assertThat(lastTokens()).containsExactly("b#4");
    }

    @Test
    void attemptsEndAndOtherFailuresAreNotRetried() {
        AtomicInteger attempts = new AtomicInteger();
        assertThatThrownBy(() -> guard.retrying(2).write(a, handle -> {
                    attempts.incrementAndGet();
                    throw new SQLException("lost", "40001");
                }))
                .isInstanceOf(TransactionConflictException.class)
                .satisfies(last -> assertThat(last.getSuppressed()).hasSize(1));
        assertThatThrownBy(() -> guard.retrying(2).write(a, handle -> {
                    attempts.incrementAndGet();
                    throw new SQLException("no lock", "55P03");
                }))
                .isInstanceOf(TransactionConflictException.class);

        assertThat(attempts).hasValue(3);
        assertThatThrownBy(() -> guard.retrying(0)).hasMessageContaining("attempts must be at least 1");
    }

    @Test
    void aTransactionIsBoundedByWhatIsLeftOfTheLease() {
        assertThatThrownBy(() -> guard.within(() -> Duration.ofMillis(200)).write(a, handle -> {
                    insert(handle, 1);
                    handle.execute("SELECT pg_sleep(60)");
                }))
                .isInstanceOf(TransactionConflictException.class);
        assertThat(written()).isEmpty();

        guard.within(() -> Duration.ofMinutes(3)).write(a, handle -> {
            assertThat(limit(handle, "statement_timeout")).isEqualTo("3min");
            handle.execute("SET LOCAL statement_timeout = 0");
        });
        assertThatThrownBy(() -> guard.within(() -> Duration.ZERO).write(a, handle -> insert(handle, 2)))
                .isInstanceOf(LeaseLostException.class);
        assertThat(written()).isEmpty();
    }

    @Test
    void aStricterLimitOfTheSessionStays() {
        org.postgresql.ds.PGSimpleDataSource strict = (org.postgresql.ds.PGSimpleDataSource) postgres.dataSource();
        strict.setOptions("-c statement_timeout=7s");

        FenceGuard.of(strict)
                .within(() -> Duration.ofMinutes(3))
                .write(
                        a,
                        handle -> assertThat(limit(handle, "statement_timeout")).isEqualTo("7s"));
    }

    @Test
    void aListenerIsToldOfEveryVerdictAndItsFailureHarmsNothing() {
        guard.writeOnce(laterB, handle -> {});
        guard.writeOnce(laterB, handle -> {});
        assertThatThrownBy(() -> guard.write(new FencingToken("b", 1), handle -> {}))
                .isInstanceOf(StaleTokenException.class);

        FenceEvent.RefusedAsStale refused =
                new FenceEvent.RefusedAsStale(new FencingToken("b", 1), FencingToken.of("b", 4));
        assertThat(refused.age()).isEqualTo(3);
        assertThat(events)
                .containsExactly(new FenceEvent.Admitted(laterB), new FenceEvent.AlreadyApplied(laterB), refused);
        FenceGuard failing = guard.telling(event -> {
            throw new IllegalStateException("a listener that fails");
        });
        failing.write(laterB, handle -> insert(handle, 1));
        assertThat(written()).containsExactly(1);
    }

    private static void insert(Handle handle, int id) {
        handle.execute("INSERT INTO written VALUES (?)", id);
    }

    private static String limit(Handle handle, String name) {
        return handle.createQuery("SELECT current_setting(:name)")
                .bind("name", name)
                .mapTo(String.class)
                .one();
    }

    private static List<Integer> written() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT id FROM written")
                        .mapTo(Integer.class)
                        .list());
    }

    private static List<String> lastTokens() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT resource || '#' || last_token FROM fencepost.fence ORDER BY 1")
                        .mapTo(String.class)
                        .list());
    }
}
