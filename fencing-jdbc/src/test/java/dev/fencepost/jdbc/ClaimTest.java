package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import java.sql.Connection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims inside a transaction of the caller. */
class ClaimTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private final FencingToken older = new FencingToken("r", 33, "owner-a");
    private final FencingToken newer = new FencingToken("r", 34, "owner-b");
    private final FenceGuard guard = FenceGuard.of(postgres.dataSource());

    @BeforeEach
    void startEmpty() {
        postgres.jdbi().useHandle(handle -> handle.execute("TRUNCATE fencepost.fence"));
    }

    @Test
    void theVerdictsAreClaimedCurrentAndStale() {
        assertThat(claim(older)).isEqualTo(new Verdict.Claimed(older));
        assertThat(claim(older)).isEqualTo(new Verdict.Current(older));
        assertThat(claim(newer)).isEqualTo(new Verdict.Claimed(newer));
        assertThat(claim(older)).isEqualTo(new Verdict.Stale(older, FencingToken.of("r", 34)));
    }

    @Test
    void staleVerdictThrowsOnRequest() {
        assertThat(claim(newer).orThrow()).isEqualTo(new Verdict.Claimed(newer));
        assertThat(claim(newer).orThrow()).isEqualTo(new Verdict.Current(newer));

        assertThatThrownBy(() -> claim(older).orThrow()).isInstanceOf(StaleTokenException.class);
    }

    @Test
    void theSecondClaimOfOneTransactionIsCurrent() {
        postgres.jdbi().useTransaction(handle -> {
            assertThat(guard.claim(handle, newer)).isInstanceOf(Verdict.Claimed.class);
            assertThat(guard.claim(handle, newer)).isInstanceOf(Verdict.Current.class);
        });
    }

    /** What no token can be is refused by the function, whoever calls it and whatever the row holds. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 9_007_199_254_740_992L, Long.MAX_VALUE})
    void theStoreRefusesNumbersThatAreNoTokens(long number) {
        for (String function : List.of("claim", "claim_at_once", "claim", "claim_at_once")) {
            assertThatThrownBy(() -> postgres.jdbi()
                            .useHandle(handle -> handle.createQuery(
                                            "SELECT CAST(fencepost." + function + "('r', ?, '', false) AS text)")
                                    .bind(0, number)
                                    .mapTo(String.class)
                                    .one()))
                    .as(function)
                    .hasMessageContaining("a token is a number from 1 to 9007199254740991, but this one is " + number);
            claim(older);
        }
    }

    @Test
    void aConnectionClaimsAsAHandleDoes() throws Exception {
        try (Connection connection = postgres.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            assertThat(guard.claim(connection, older)).isEqualTo(new Verdict.Claimed(older));
            assertThat(guard.claimOnce(connection, older)).isEqualTo(Once.FIRST);
            assertThat(guard.claimOnce(connection, older)).isEqualTo(Once.ALREADY_APPLIED);
            connection.commit();
        }
        assertThat(claim(older)).isInstanceOf(Verdict.Current.class);
    }

    @Test
    void aClaimThatIsRolledBackNeverWas() {
        postgres.jdbi().useHandle(handle -> {
            handle.begin();
            guard.claim(handle, newer);
            handle.rollback();
        });

        assertThat(claim(older)).isInstanceOf(Verdict.Claimed.class);
    }

    @Test
    void aClaimOnceThatIsRolledBackDoesNotCount() {
        postgres.jdbi().useHandle(handle -> {
            handle.begin();
            assertThat(guard.claimOnce(handle, newer)).isEqualTo(Once.FIRST);
            handle.rollback();
            handle.begin();
            assertThat(guard.claimOnce(handle, newer)).isEqualTo(Once.FIRST);
            handle.commit();
            handle.begin();
            assertThat(guard.claimOnce(handle, newer)).isEqualTo(Once.ALREADY_APPLIED);
            handle.commit();
        });
    }

    @Test
    void theOneWriteBelongsToTheTokenAndNotToTheResource() {
        assertThat(claimOnce(older)).isEqualTo(Once.FIRST);
        assertThat(claimOnce(newer)).isEqualTo(Once.FIRST);
        assertThatThrownBy(() -> claimOnce(older)).isInstanceOf(StaleTokenException.class);
        FencingToken afterAClaim = new FencingToken("r", 35, "owner-c");
        claim(afterAClaim);
        assertThat(claimOnce(afterAClaim)).isEqualTo(Once.FIRST);
        assertThat(claimOnce(afterAClaim)).isEqualTo(Once.ALREADY_APPLIED);
    }

    @Test
    void aClaimDoesNotUseUpTheOneWriteOfItsTokenWhetherTheRowIsNewOrNot() {
        for (FencingToken token : List.of(older, newer)) {
            assertThat(claim(token)).isInstanceOf(Verdict.Claimed.class);
            assertThat(claimOnce(token)).isEqualTo(Once.FIRST);
            assertThat(claim(token)).isInstanceOf(Verdict.Current.class);
            assertThat(claimOnce(token)).isEqualTo(Once.ALREADY_APPLIED);
        }
    }

    @Test
    void anAdmittedClaimRecordsItsTransactionAndAnAppliedOneDoesNot() {
        String first = transactionOf(handle -> guard.claim(handle, newer));
        assertThat(claimedBy()).isEqualTo(first);
        String again = transactionOf(handle -> guard.claim(handle, newer));
        assertThat(claimedBy()).isEqualTo(again).isNotEqualTo(first);
        String once = transactionOf(handle -> guard.claimOnce(handle, newer));
        assertThat(claimedBy()).isEqualTo(once);
        transactionOf(handle -> guard.claimOnce(handle, newer));
        assertThat(claimedBy()).isEqualTo(once);
    }

    @Test
    void aStaleClaimTakesNoLockAndNoTransactionId() {
        claim(newer);

        postgres.jdbi().useTransaction(handle -> {
            guard.claim(handle, older);
            guard.claim(handle, new FencingToken("r", 34, "owner-c"));
            assertThat(handle.createQuery("SELECT pg_current_xact_id_if_assigned() IS NULL")
                            .mapTo(Boolean.class)
                            .one())
                    .isTrue();
        });
    }

    @Test
    void aStaleClaimDoesNotWaitForTheHoldersTransaction() {
        claim(newer);

        postgres.jdbi().useTransaction(holder -> {
            guard.claim(holder, newer);
            assertThat(claim(older)).isInstanceOf(Verdict.Stale.class);
        });
    }

    private Verdict claim(FencingToken token) {
        return postgres.jdbi().inTransaction(handle -> guard.claim(handle, token));
    }

    private Once claimOnce(FencingToken token) {
        return postgres.jdbi().inTransaction(handle -> guard.claimOnce(handle, token));
    }

    private static String transactionOf(java.util.function.Consumer<Handle> claim) {
        return postgres.jdbi().inTransaction(handle -> {
            claim.accept(handle);
            return handle.createQuery("SELECT pg_current_xact_id()::text")
                    .mapTo(String.class)
                    .one();
        });
    }

    private static String claimedBy() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT claimed_by::text FROM fencepost.fence")
                        .mapTo(String.class)
                        .one());
    }
}
