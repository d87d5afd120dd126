package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fencepost.FencepostException.Advice;
import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.CuttingProxy.Cut;
import java.io.IOException;
import java.util.List;
import org.jdbi.v3.core.HandleConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** The connection breaks at the worst moments. */
class LostAnswerTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private final FencingToken token = new FencingToken("invoice/42", 34, "owner");
    private final HandleConsumer<RuntimeException> charge =
            handle -> handle.execute("INSERT INTO charge (cents) VALUES (9900)");

    private CuttingProxy proxy;
    private PGSimpleDataSource proxied;
    private FenceGuard guard;

    @BeforeAll
    static void createTable() {
        postgres.jdbi().useHandle(handle -> handle.execute("CREATE TABLE charge (cents int)"));
    }

    @BeforeEach
    void startProxy() throws IOException {
        postgres.jdbi().useHandle(handle -> handle.execute("TRUNCATE charge, fencepost.fence"));
        PGSimpleDataSource direct = (PGSimpleDataSource) postgres.dataSource();
        proxy = new CuttingProxy(direct.getServerNames()[0], direct.getPortNumbers()[0]);
        proxied = (PGSimpleDataSource) postgres.dataSource();
        proxied.setServerNames(new String[] {"127.0.0.1"});
        proxied.setPortNumbers(new int[] {proxy.port()});
        guard = FenceGuard.of(proxied);
    }

    @AfterEach
    void stopProxy() throws Exception {
        proxy.close();
    }

    @Test
    void writeOnceIsAppliedOnceWhenTheAnswerToItsCommitIsLost() {
        OutcomeUnknownException unknown = writeOnceAndCut(Cut.BEFORE_ITS_ANSWER_ARRIVES);

        assertThat(unknown.advice()).isEqualTo(Advice.RETRY_LATER);
        assertThat(statusOf(unknown)).isEqualTo("committed");
        assertThat(charges()).containsExactly(9900);
        assertThat(guard.writeOnce(token, charge)).isEqualTo(Once.ALREADY_APPLIED);
        assertThat(charges()).containsExactly(9900);
    }

    @Test
    void writeOnceIsAppliedOnceWhenItsCommitIsLost() {
        OutcomeUnknownException unknown = writeOnceAndCut(Cut.BEFORE_THE_COMMIT_ARRIVES);

        assertThat(unknown.advice()).isEqualTo(Advice.RETRY_LATER);
        assertThat(charges()).isEmpty();
        assertThat(guard.writeOnce(token, charge)).isEqualTo(Once.FIRST);
        assertThat(charges()).containsExactly(9900);
        assertThat(statusOf(unknown)).isEqualTo("aborted");
    }

    @Test
    void aNewerTokenWinsAgainstARepeatedWriteWhoseAnswerWasLost() {
        writeOnceAndCut(Cut.BEFORE_ITS_ANSWER_ARRIVES);
        guard.write(new FencingToken("invoice/42", 35, "next"), handle -> {});

        assertThatThrownBy(() -> guard.writeOnce(token, charge)).isInstanceOf(StaleTokenException.class);
        assertThat(charges()).containsExactly(9900);
    }

    @Test
    void aWriteWhoseAnswerIsLostDoesNotAdviseToRepeat() {
        proxy.cutNext(Cut.BEFORE_ITS_ANSWER_ARRIVES);

        OutcomeUnknownException unknown =
                catchThrowableOfType(OutcomeUnknownException.class, () -> guard.write(token, charge));

        assertThat(unknown.advice()).isEqualTo(Advice.STOP);
        assertThat(unknown)
                .hasMessageContainingAll(
                        "invoice/42#34",
                        "SELECT pg_xact_status('" + unknown.transactionId().orElseThrow() + "')");
        assertThat(statusOf(unknown)).isEqualTo("committed");
    }

    @Test
    void aServerThatEndsTheSessionBeforeTheCommitLeavesTheOutcomeUnknownAndNothingApplied() {
        assertThatThrownBy(() -> guard.writeOnce(token, handle -> {
                    charge.useHandle(handle);
                    terminate(handle);
                }))
                .isInstanceOf(OutcomeUnknownException.class);

        assertThat(guard.writeOnce(token, charge)).isEqualTo(Once.FIRST);
        assertThat(charges()).containsExactly(9900);
    }

    @Test
    void aSessionThatEndsInTheWorkFailsTheWorkAndNothingIsApplied() {
        assertThatThrownBy(() -> guard.writeOnce(token, handle -> {
                    charge.useHandle(handle);
                    terminate(handle);
                    charge.useHandle(handle);
                }))
                .isInstanceOf(org.jdbi.v3.core.JdbiException.class);

        assertThat(guard.writeOnce(token, charge)).isEqualTo(Once.FIRST);
        assertThat(charges()).containsExactly(9900);
    }

    @Test
    void aDatabaseThatCannotBeReachedIsWorthARetry() throws Exception {
        proxy.close();

        assertThatThrownBy(() -> guard.writeOnce(token, charge))
                .isInstanceOfSatisfying(
                        StoreUnavailableException.class,
                        unavailable -> assertThat(unavailable.advice()).isEqualTo(Advice.RETRY_LATER))
                .hasMessageContaining("invoice/42#34");
    }

    @Test
    void settingUpADatabaseThatCannotBeReachedIsWorthARetry() throws Exception {
        proxy.close();

        assertThatThrownBy(() -> FenceSchema.migrate(proxied)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> FenceSchema.verify(proxied)).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void aDatabaseThatDoesNotExistIsNotWorthARetry() {
        proxied.setDatabaseName("nowhere");

        assertThatThrownBy(() -> guard.writeOnce(token, charge))
                .isInstanceOf(FenceSchemaException.class)
                .hasMessageContainingAll("invoice/42#34", "\"nowhere\" does not exist");
        assertThatThrownBy(() -> FenceSchema.verify(proxied)).isInstanceOf(FenceSchemaException.class);
    }

    @Test
    void aSessionThatHasEndedBeforeTheClaimIsWorthARetry() throws Exception {
        postgres.jdbi().useHandle(handle -> {
            handle.begin();
            terminate(handle);
            assertThatThrownBy(() -> guard.claim(handle, token)).isInstanceOf(StoreUnavailableException.class);
            handle.getConnection().close();
        });
    }

    private OutcomeUnknownException writeOnceAndCut(Cut where) {
        proxy.cutNext(where);
        OutcomeUnknownException unknown =
                catchThrowableOfType(OutcomeUnknownException.class, () -> guard.writeOnce(token, charge));
        assertThat(unknown).isNotNull();
        assertThat(proxy.hasCut()).isTrue();
        return unknown;
    }

    /** Ends the handle's session as an administrator would, and returns when the server has done it. */
    private static void terminate(org.jdbi.v3.core.Handle handle) {
        int backend = handle.createQuery("SELECT pg_backend_pid()")
                .mapTo(Integer.class)
                .one();
        postgres.jdbi()
                .useHandle(other -> other.createQuery("SELECT pg_terminate_backend(:pid, 20000)")
                        .bind("pid", backend)
                        .mapTo(Boolean.class)
                        .one());
    }

    private static String statusOf(OutcomeUnknownException unknown) {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT pg_xact_status(CAST(:id AS xid8))")
                        .bind("id", unknown.transactionId().orElseThrow())
                        .mapTo(String.class)
                        .one());
    }

    private static List<Integer> charges() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT cents FROM charge")
                        .mapTo(Integer.class)
                        .list());
    }
}
