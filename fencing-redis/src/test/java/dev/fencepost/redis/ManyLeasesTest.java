package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What many leases that are kept by one client cost. */
final class ManyLeasesTest {
    private static final int LEASES = 10_000;
    private static final int AT_A_TIME = 100;
    private static final Duration LEASE = Duration.ofSeconds(12);
    /** An extension is due when a third of a lease has passed. */
    private static final Duration PERIOD = LEASE.dividedBy(3);
    /** 50 would do if all were due together; those that are not make further ones. */
    private static final int MOST_REQUESTS_A_PERIOD = 150;

    private final RedisServers servers = RedisServers.start(3);

    @AfterEach
    void stop() {
        servers.close();
    }

    @Test
    void tenThousandLeasesAreKeptByAFewThreadsAndRequests() {
        try (LockClient locks = RedisLocks.builder()
                .formatBlankNodes()
                .addresses(servers.uris())
                .lease(LEASE)
                .autoExtend()
                .connect()) {
            acquire(locks, 0, 10);
            List<String> threads = OnNodes.threads();
            List<Lease> leases = acquire(locks, 10, LEASES);
            long before = mostRequests();
            OnNodes.awaitPassed(servers.node(0), LEASE.plus(PERIOD));
            long perPeriod = (mostRequests() - before) / 4;

            System.out.println(LEASES + " leases: " + perPeriod + " requests a node and period of " + PERIOD
                    + "; threads " + threads.size() + " before, "
                    + OnNodes.threads().size() + " after");
            assertThat(leases).allMatch(Lease::isHeld);
            assertThat(perPeriod).isBetween(LEASES / 400L, (long) MOST_REQUESTS_A_PERIOD);
            // A few may have been started late, whoever needed them first: by no means one for each lease.
            assertThat(OnNodes.threads()).hasSizeLessThan(threads.size() + 10);
        }
        OnNodes.awaitNoLocks(servers);
    }

    private long mostRequests() {
        return servers.nodes().stream().mapToLong(OnNodes::requests).max().orElseThrow();
    }

    /** A hundred at a time: all at once would be more than nodes answer within the node timeout. */
    private static List<Lease> acquire(LockClient locks, int from, int to) {
        List<Lease> leases = new ArrayList<>();
        for (int i = from; i < to; i += AT_A_TIME) {
            leases.addAll(IntStream.range(i, Math.min(to, i + AT_A_TIME))
                    .mapToObj(n -> locks.acquireAsync("many-" + n, Duration.ofSeconds(30))
                            .toCompletableFuture())
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList());
        }
        return leases;
    }
}
