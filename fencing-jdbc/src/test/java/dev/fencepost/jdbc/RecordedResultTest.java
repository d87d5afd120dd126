package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A repeated write-once is told what the first application recorded. */
class RecordedResultTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private final FencingToken token = new FencingToken("invoice/42", 34, "owner");
    private final FencingToken next = new FencingToken("invoice/42", 35, "other");
    private final FenceGuard guard = FenceGuard.of(postgres.dataSource());

    @BeforeAll
    static void createTable() {
        postgres.jdbi().useHandle(handle -> handle.execute("CREATE TABLE charge (id int)"));
    }

    @BeforeEach
    void startEmpty() {
        postgres.jdbi().useHandle(handle -> handle.execute("TRUNCATE charge, fencepost.fence"));
    }

    @Test
    void aRepetitionReturnsWhatTheFirstCallReturned() {
        assertThat(charge(token, "charge-1")).isEqualTo(new OnceResult.First<>("charge-1"));
        assertThat(charge(token, "charge-2")).isEqualTo(new OnceResult.Recorded<>("charge-1"));
        assertThat(guard.jdbc()
                        .writeOnceRecording(token, connection -> "charge-3")
                        .toOptional())
                .contains("charge-1");

        assertThat(query("SELECT count(*) FROM charge")).isEqualTo(1);
    }

    @Test
    void theWorkIsRecordedWithItsWritesOrNotAtAll() {
        assertThatThrownBy(() -> guard.writeOnceRecording(token, handle -> {
                    handle.execute("INSERT INTO charge VALUES (1)");
                    throw new IllegalStateException("after the write");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> guard.writeOnceRecording(token, handle -> {
                    handle.execute("ROLLBACK");
                    return "recorded by nobody";
                }))
                .isInstanceOf(IllegalTransactionStateException.class);

        assertThat(charge(token, "later")).isEqualTo(new OnceResult.First<>("later"));
    }

    @Test
    void theNextTokenHasAResultOfItsOwn() {
        charge(token, "of 34");
        assertThat(charge(next, "of 35")).isEqualTo(new OnceResult.First<>("of 35"));
        assertThat(charge(next, "again")).isEqualTo(new OnceResult.Recorded<>("of 35"));
        assertThatThrownBy(() -> charge(token, "late")).isInstanceOf(StaleTokenException.class);

        guard.write(new FencingToken("invoice/42", 36, "third"), handle -> {});
        assertThat(query("SELECT count(*) FROM fencepost.fence WHERE result IS NOT NULL"))
                .isZero();
    }

    @Test
    void whatWasAppliedWithoutAResultHasNone() {
        guard.writeOnce(token, handle -> {});

        assertThat(charge(token, "too late")).isEqualTo(new OnceResult.AlreadyApplied<>());
        assertThat(new OnceResult.AlreadyApplied<>().toOptional()).isEmpty();
    }

    @Test
    void nobodyButTheTransactionThatClaimedCanRecord() {
        charge(token, "the result");

        assertThatThrownBy(() -> postgres.jdbi()
                        .useHandle(handle -> handle.execute("SELECT fencepost.record_result('invoice/42', 'forged')")))
                .hasMessageContaining("the transaction that claimed 'invoice/42' is over");
        assertThat(charge(token, "again")).isEqualTo(new OnceResult.Recorded<>("the result"));
    }

    private OnceResult<String> charge(FencingToken under, String result) {
        return guard.writeOnceRecording(under, handle -> {
            handle.execute("INSERT INTO charge VALUES (1)");
            return result;
        });
    }

    private static int query(String sql) {
        return postgres.jdbi()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }
}
