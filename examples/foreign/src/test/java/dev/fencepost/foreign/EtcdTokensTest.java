package dev.fencepost.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.StaleTokenException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Guarded writes with the revision in which etcd made the key of a lock. Run by {@code mvn -Petcd verify} where an {@code etcd} binary is on the path. */
@Tag("etcd")
class EtcdTokensTest {
    @RegisterExtension
    static final Ledger LEDGER = new Ledger();

    private static final Duration LONG = Duration.ofMinutes(1);

    private final String account = "account/" + UUID.randomUUID();

    @Test
    void afterAPauseTheStaleWriteIsRefusedAndTheLiveOneAdmitted(@TempDir Path data) throws Exception {
        try (Etcd etcd = Etcd.start(data)) {
            String paused = etcd.lease(LONG);
            FencingToken stale =
                    FencingToken.of(account, etcd.tryLock(account, paused).orElseThrow());
            assertThat(etcd.tryLock(account, etcd.lease(LONG)))
                    .as("the lock is held")
                    .isEmpty();
            etcd.expire(paused);

            FencingToken live = FencingToken.of(
                    account, etcd.tryLock(account, etcd.lease(LONG)).orElseThrow());
            LEDGER.write(live, 200);

            assertThatThrownBy(() -> LEDGER.write(stale, 100))
                    .isInstanceOf(StaleTokenException.class)
                    .hasMessageContaining("the store has admitted " + live);
            assertThat(LEDGER.cents(account)).isEqualTo(200);
        }
    }

    @Test
    void aClusterThatBeginsAnewCountsAnewAndTheGuardRefusesIt(@TempDir Path before, @TempDir Path after)
            throws Exception {
        long last = 0;
        try (Etcd etcd = Etcd.start(before)) {
            for (int i = 0; i < 5; i++) {
                String lease = etcd.lease(LONG);
                last = etcd.tryLock(account, lease).orElseThrow();
                etcd.expire(lease);
            }
            LEDGER.write(FencingToken.of(account, last), 100);
        }
        try (Etcd etcd = Etcd.start(after)) {
            long live = etcd.tryLock(account, etcd.lease(LONG)).orElseThrow();

            assertThat(live).isLessThan(last);
            assertThatThrownBy(() -> LEDGER.write(FencingToken.of(account, live), 200))
                    .isInstanceOf(StaleTokenException.class);
            assertThat(LEDGER.cents(account)).isEqualTo(100);
        }
    }
}
