package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.MultiLease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** Leases that are claimed at the store before the caller has them. */
class ActivationTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private static final Duration WAIT = Duration.ofSeconds(5);

    private final FenceGuard guard = FenceGuard.of(postgres.dataSource());

    @BeforeEach
    void startEmpty() {
        postgres.jdbi().useHandle(handle -> handle.execute("TRUNCATE fencepost.fence"));
    }

    @Test
    void noOlderTokenWritesOnceTheCallerHasItsLease() throws Exception {
        FencingToken late = new FencingToken("r", 33, "late");
        LockClient locks = guard.activating(new CountingLocks(33, true));

        Lease lease = locks.acquire("r", WAIT);

        assertThat(lease.token().value()).isEqualTo(34);
        assertThatThrownBy(() -> guard.write(late, handle -> {})).isInstanceOf(StaleTokenException.class);
        lease.close();
        try (Lease next = locks.acquireAsync("r", WAIT).toCompletableFuture().get(20, TimeUnit.SECONDS)) {
            assertThat(lastToken()).isEqualTo(next.token().value()).isEqualTo(35);
        }
        try (Lease next = locks.tryAcquire("r").orElseThrow()) {
            assertThat(lastToken()).isEqualTo(next.token().value()).isEqualTo(36);
        }
        try (Lease next = locks.tryAcquireAsync("r")
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .orElseThrow()) {
            assertThat(lastToken()).isEqualTo(next.token().value()).isEqualTo(37);
        }
        try (MultiLease next = locks.acquireAll(List.of("r"), WAIT)) {
            assertThat(lastToken()).isEqualTo(next.token("r").value()).isEqualTo(38);
        }
    }

    @Test
    void itIsUpToTheLockWhoHoldsIt() {
        CountingLocks behind = new CountingLocks(1, true);
        LockClient locks = guard.activating(behind);

        try (Lease lease = locks.acquire("r", WAIT)) {
            assertThat(locks.tryAcquire("r")).isEmpty();
            assertThat(lease.isHeld()).isTrue();
        }
        locks.close();
        assertThat(behind.isClosed()).isTrue();
    }

    @Test
    void countersThatFellBehindTheStoreCatchUp() throws Exception {
        guard.write(new FencingToken("r", 900, "before the nodes were replaced"), handle -> {});
        CountingLocks behind = new CountingLocks(0, true);
        LockClient locks = guard.activating(behind);

        try (Lease lease = locks.acquire("r", WAIT)) {
            assertThat(lease.token().value()).isEqualTo(901);
            guard.write(lease.token(), handle -> {});
        }
        guard.write(new FencingToken("r", 2000, "again"), handle -> {});
        try (Lease lease = locks.tryAcquireAsync("r")
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .orElseThrow()) {
            assertThat(lease.token().value()).isEqualTo(2001);
        }
        assertThat(behind.isHeld()).isFalse();
    }

    @Test
    void aClientThatCannotCatchUpLeavesNothingLockedAndSaysSo() {
        guard.write(new FencingToken("r", 900, "x"), handle -> {});
        CountingLocks behind = new CountingLocks(0, false);

        assertThatThrownBy(() -> guard.activating(behind).acquire("r", WAIT))
                .isInstanceOf(StaleTokenException.class)
                .satisfies(stale -> assertThat(stale.getSuppressed())
                        .singleElement()
                        .isInstanceOf(UnsupportedOperationException.class));
        assertThat(behind.isHeld()).isFalse();
    }

    @Test
    void aStoreThatCannotBeReachedLeavesNothingLocked() throws Exception {
        PGSimpleDataSource nowhere = (PGSimpleDataSource) postgres.dataSource();
        nowhere.setPortNumbers(new int[] {1});
        CountingLocks plain = new CountingLocks(0, true);
        LockClient locks = FenceGuard.of(nowhere).activating(plain);

        assertThatThrownBy(() -> locks.acquire("r", WAIT)).isInstanceOf(StoreUnavailableException.class);
        assertThat(plain.isHeld()).isFalse();
        assertThatThrownBy(() ->
                        locks.acquireAsync("r", WAIT).toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(StoreUnavailableException.class);
        assertThat(plain.isHeld()).isFalse();
    }

    private static long lastToken() {
        return postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT last_token FROM fencepost.fence")
                        .mapTo(Long.class)
                        .one());
    }
}
