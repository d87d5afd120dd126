package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.servers.Persistence;
import dev.fencepost.servers.RedisServers;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the meters show of real nodes. */
final class LockMetricsTest {
    private static final Duration BRIEF = Duration.ofSeconds(3);

    private final RedisServers servers = RedisServers.start(3, Persistence.ALWAYS);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private LockClient locks;
    private LockClient other;

    @BeforeEach
    void connect() {
        locks = OnNodes.client(servers).listener(metrics()).connect();
        other = OnNodes.client(servers).connect();
    }

    @AfterEach
    void stop() {
        locks.close();
        other.close();
        servers.close();
    }

    @Test
    void acquisitionsAndHoldsAreTimedByGroup() {
        locks.acquire("invoice/1", SOON).close();
        locks.acquire("invoice/2", SOON).close();
        locks.acquire("order/1", SOON).close();

        awaitCount(2, "held", "group", "invoice", "end", "released");
        assertThat(registry.get("fencepost.lock.held")
                        .tags("group", "order")
                        .timer()
                        .totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
        awaitCount(2, "acquire", "group", "invoice");
        awaitCount(2, "attempt", "group", "invoice", "result", "won");
        assertThat(registry.get("fencepost.lock.retries")
                        .tags("group", "invoice")
                        .summary()
                        .totalAmount())
                .isZero();
        assertThat(registry.get("fencepost.lock.round.trips").summary().max()).isBetween(1.0, 2.0);
        assertThat(registry.get("fencepost.lock.nodes.answered").summary().mean())
                .isBetween(2.0, 3.0);
    }

    @Test
    void contentionAndRetriesAreCounted() {
        Lease held = other.acquire("invoice/held", SOON);
        assertThat(locks.tryAcquire("invoice/held")).isEmpty();
        awaitCount(1, "attempt", "group", "invoice", "result", "contended");

        var waiting = locks.acquireAsync("invoice/held", SOON).toCompletableFuture();
        OnNodes.awaitWatchers(servers, "invoice/held", 1);
        held.close();
        assertThat(waiting).succeedsWithin(SOON);
        awaitCount(1, "acquire", "group", "invoice");

        assertThat(registry.get("fencepost.lock.retries").summary().totalAmount())
                .isGreaterThanOrEqualTo(1);
    }

    @Test
    void aLeaseThatIsTakenOverTookNoAttemptAndNoRoundTrip() {
        Lease held = locks.acquire("invoice/line", SOON);
        List<CompletableFuture<Void>> line = IntStream.range(0, 4)
                .mapToObj(i -> locks.acquireAsync("invoice/line", OnNodes.LONG)
                        .thenAccept(Lease::close)
                        .toCompletableFuture())
                .toList();
        held.close();
        assertThat(line).allSatisfy(one -> assertThat(one).succeedsWithin(SOON));

        awaitCount(5, "acquire", "group", "invoice");
        awaitCount(2, "attempt", "group", "invoice", "result", "won");
        DistributionSummary roundTrips =
                registry.get("fencepost.lock.round.trips").summary();
        assertThat(roundTrips.count()).isEqualTo(5);
        assertThat(roundTrips.totalAmount()).isBetween(2.0, 4.0);
        assertThat(registry.get("fencepost.lock.retries").summary().totalAmount())
                .isZero();
    }

    @Test
    void extensionsAndLossesAreCounted() {
        try (LockClient brief = RedisLocks.builder()
                .formatBlankNodes()
                .addresses(servers.uris())
                .lease(BRIEF)
                .listener(metrics())
                .connect()) {
            Lease lease = brief.acquire("invoice/lost", SOON);
            lease.extend(BRIEF);
            await().atMost(SOON).until(() -> !lease.isHeld());

            awaitCount(1, "held", "group", "invoice", "end", "lost");
        }
        assertThat(registry.get("fencepost.lock.extended").counter().count()).isEqualTo(1);
        assertThat(registry.get("fencepost.lock.held")
                        .tags("end", "lost")
                        .timer()
                        .max(TimeUnit.MILLISECONDS))
                .isGreaterThan(BRIEF.toMillis() / 2.0);
    }

    @Test
    void aNodeThatGoesAndComesBackIsSeen() {
        String node = servers.node(2).uri();
        assertThat(registry.get("fencepost.lock.nodes.out").gauge().value()).isZero();

        servers.node(2).kill();
        await().atMost(SOON)
                .until(() -> registry.get("fencepost.lock.nodes.out").gauge().value() == 1);
        servers.node(2).restart();

        awaitCount(1, "node.outage", "node", node);
        assertThat(registry.get("fencepost.lock.nodes.out").gauge().value()).isZero();
    }

    @Test
    void aNodeThatForgetsAndIsBroughtBackIsSeen() {
        // Or it may have brought the nodes back before the one that is measured looks at them.
        other.close();
        String node = servers.node(2).uri();
        servers.node(2).command("FLUSHALL");
        assertThat(locks.acquire("invoice/1", SOON).isHeld()).isTrue();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(registry.get("fencepost.lock.node.forgotten")
                                .tags("node", node)
                                .counter()
                                .count())
                        .isEqualTo(1));
        servers.node(1).kill();
        servers.node(1).restart();

        awaitCount(1, "node.rejoined", "node", servers.node(1).uri(), "quarantined", "no");
    }

    @Test
    void noMeterNamesAResourceAnOwnerOrAPassword() {
        Lease lease = locks.acquire("invoice/secret-42", SOON);
        String owner = lease.token().owner();
        lease.close();
        awaitCount(1, "held", "group", "invoice", "end", "released");

        assertThat(registry.getMeters())
                .flatExtracting(meter -> meter.getId().getTags())
                .extracting(Tag::getValue)
                .noneMatch(value -> value.contains("secret-42") || value.contains(owner));
    }

    @Test
    void everyMeterIsDocumentedWithItsTags() throws IOException {
        Lease lease = locks.acquire("invoice/all", SOON);
        lease.extend(OnNodes.LONG);
        servers.node(0).kill();
        await().atMost(SOON)
                .until(() -> registry.get("fencepost.lock.nodes.out").gauge().value() == 1);
        locks.tryAcquire("invoice/with-one-out").orElseThrow().close();
        servers.node(0).restart();
        awaitCount(1, "node.outage", "node", servers.node(0).uri());
        lease.close();
        awaitCount(2, "held", "group", "invoice", "end", "released");
        List<String> page = Files.readAllLines(Path.of("../docs/operations.md"));

        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            assertThat(page).anySatisfy(line -> {
                assertThat(line).startsWith("| `" + id.getName() + "` |");
                assertThat(id.getTags()).allSatisfy(tag -> assertThat(line).contains("`" + tag.getKey() + "`"));
            });
        }
    }

    private LockMetrics metrics() {
        return LockMetrics.in(registry, resource -> resource.substring(0, resource.indexOf('/')));
    }

    /** Events come on another thread. */
    private void awaitCount(long count, String name, String... tags) {
        await().atMost(SOON).untilAsserted(() -> {
            Timer timer = registry.find("fencepost.lock." + name).tags(tags).timer();
            assertThat(timer).isNotNull().extracting(Timer::count).isEqualTo(count);
        });
    }
}
