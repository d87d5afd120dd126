package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.redis.internal.Probe;
import dev.fencepost.servers.Persistence;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import dev.fencepost.spi.NodeReply.Marker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counters of resources that nobody uses go away on real servers, and no token comes again. */
final class UnusedCountersTest {
    private static final boolean SOAK = Boolean.getBoolean("fencepost.soak");
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final String COUNTERS = "fencepost:token:";
    private static final String RAISE = "redis.call('SET', KEYS[1]";

    private RedisServers servers;

    @BeforeEach
    void startServers() {
        servers = RedisServers.start(3);
    }

    @AfterEach
    void stopServers() {
        servers.close();
    }

    @Test
    void countersThatStayUnusedGoAwayAndTokensGoOn() {
        try (LockClient locks = OnNodes.client(servers).connect()) {
            for (int i = 0; i < 20; i++) {
                tokenOf(locks, "often");
            }
            long first = InUse.everywhere(servers, locks, "often");
            long second = InUse.everywhere(servers, locks, "seldom");

            UnusedReport report = forget(AT_ONCE);

            assertThat(report.isComplete()).isTrue();
            assertThat(report.nodes()).hasSize(3).allSatisfy(node -> {
                assertThat(node.counters()).isEqualTo(2);
                assertThat(node.marked()).isEqualTo(2);
            });
            awaitGone("often", "seldom");
            assertThat(servers.nodes())
                    .allSatisfy(
                            node -> assertThat(marker(node).numbers().floor()).isGreaterThanOrEqualTo(first));
            assertThat(tokenOf(locks, "often")).isGreaterThan(first);
            assertThat(tokenOf(locks, "seldom")).isGreaterThan(second);
        }
    }

    @Test
    void withoutRaisingTheFloorTokensRepeat() throws IOException {
        String script = script();
        assertThat(script).containsOnlyOnce(RAISE);
        String blind = script.replace(RAISE, "tostring(KEYS[1]");
        try (LockClient locks = OnNodes.client(servers).connect()) {
            long before = InUse.everywhere(servers, locks, "again");
            for (RedisServer node : servers.nodes()) {
                assertThat(run(node, blind)).startsWith("SWEPT");
            }
            awaitGone("again");

            // What the other tests would fail with.
            assertThat(tokenOf(locks, "again")).isLessThanOrEqualTo(before);
        }
    }

    @Test
    void whatIsHeldOrUsedMeanwhileOrNoCounterOfOursStays() {
        try (LockClient locks = OnNodes.client(servers).connect()) {
            InUse.everywhere(servers, locks, "used");
            Lease held = InUse.andHeld(servers, locks, "held");
            RedisServer node = servers.node(0);
            node.command("SET", COUNTERS + "huge", "9007199254740990");
            node.command("SET", COUNTERS + "text", "many");
            node.command("RPUSH", COUNTERS + "list", "1");

            forget(Duration.ofDays(1));

            assertThat(ttl(node, "used")).isPositive();
            assertThat(List.of(ttl(node, "held"), ttl(node, "huge"), ttl(node, "text"), ttl(node, "list")))
                    .containsOnly(-1L);
            assertThat(marker(node).numbers().floor()).isLessThan(1_000);
            assertThat(held.isHeld()).isTrue();

            tokenOf(locks, "used");
            await().atMost(OnNodes.SOON)
                    .untilAsserted(() -> assertThat(servers.nodes())
                            .allSatisfy(one -> assertThat(ttl(one, "used")).isEqualTo(-1)));
        }
    }

    @Test
    void tokensStayInOrderWhileCountersGoAwayAllTheTime() {
        List<List<Long>> tokens = IntStream.range(0, 5)
                .<List<Long>>mapToObj(i -> Collections.synchronizedList(new ArrayList<>()))
                .toList();
        AtomicBoolean over = new AtomicBoolean();
        try (LockClient locks = OnNodes.client(servers).connect();
                RedisInspector inspector = OnNodes.client(servers).inspector()) {
            tokenOf(locks, "r0");
            var forgetting = CompletableFuture.supplyAsync(() -> {
                long marked = 0;
                while (!over.get()) {
                    marked += inspector.mark(new UnusedCounters(AT_ONCE, OnNodes.SOON)).nodes().stream()
                            .mapToLong(UnusedReport.Node::marked)
                            .sum();
                }
                return marked;
            });
            var workers = IntStream.range(0, 4)
                    .mapToObj(worker -> CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < 60; i++) {
                            int resource = (worker + i) % tokens.size();
                            try (Lease lease = locks.acquire("r" + resource, OnNodes.LONG)) {
                                tokens.get(resource).add(lease.token().value());
                            }
                        }
                    }))
                    .toList();
            workers.forEach(CompletableFuture::join);
            over.set(true);

            assertThat(forgetting.join()).isPositive();
        }
        assertThat(tokens)
                .allSatisfy(one -> assertThat(one).doesNotHaveDuplicates().isSorted());
        assertThat(tokens.stream().mapToInt(List::size).sum()).isEqualTo(240);
    }

    @Test
    void memoryOfManyResourcesThatWereLockedOnceComesBack() {
        int resources = SOAK ? 1_000_000 : 10_000;
        int atATime = 200;
        try (RedisServers one = RedisServers.start(1, Persistence.NONE);
                LockClient locks = OnNodes.client(one).connect()) {
            RedisServer node = one.node(0);
            long empty = memory(node);
            for (int done = 0; done < resources; done += atATime) {
                int from = done;
                List<CompletableFuture<Void>> some = IntStream.range(0, atATime)
                        .mapToObj(i -> locks.acquireAsync("invoice/" + (from + i), OnNodes.LONG)
                                .thenAccept(Lease::close)
                                .toCompletableFuture())
                        .toList();
                some.forEach(CompletableFuture::join);
            }
            await().atMost(OnNodes.LONG).until(() -> keys(node) == resources + 1);
            long full = memory(node);
            long began = System.nanoTime();
            UnusedReport report = OnNodes.client(one).forgetUnused(Duration.ofSeconds(1), OnNodes.LONG);
            long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
            assertThat(report.isComplete()).isTrue();
            await().atMost(OnNodes.LONG).until(() -> keys(node) == 1);
            // The table of keys shrinks a moment after the keys are gone.
            await().atMost(OnNodes.LONG).until(() -> memory(node) - empty < (full - empty) / 2);
            long after = memory(node);

            System.out.printf(
                    "%,d resources locked once: memory of a node %,d bytes empty, %,d with their counters, %,d when these had gone; marked in %,d ms%n",
                    resources, empty, full, after, took);
            assertThat(tokenOf(locks, "invoice/7")).isGreaterThan(1);
        }
    }

    @Test
    void whatIsNotAllowedIsSaid() {
        assertThatThrownBy(() -> forget(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unusedFor must be from 1 ms");
        assertThatThrownBy(() -> OnNodes.client(servers).forgetUnused(AT_ONCE, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("atMost must be more than nothing");
        assertThat(forget(AT_ONCE).nodes())
                .allSatisfy(node -> assertThat(node.unfinished()).contains("FORGOTTEN"));
    }

    private UnusedReport forget(Duration unusedFor) {
        return OnNodes.client(servers).forgetUnused(unusedFor, OnNodes.SOON);
    }

    private void awaitGone(String... resources) {
        for (String resource : resources) {
            await().atMost(OnNodes.SOON)
                    .untilAsserted(() -> assertThat(servers.nodes())
                            .allSatisfy(node -> assertThat(ttl(node, resource)).isEqualTo(-2)));
        }
    }

    private static String run(RedisServer node, String script) {
        return node.command(
                "EVAL",
                script,
                "1",
                "fencepost:node",
                "fencepost:lock:",
                COUNTERS,
                "0",
                "500",
                "1",
                Probe.runId(marker(node).identity().process()));
    }

    private static String script() throws IOException {
        try (InputStream in = RedisLocks.class.getResourceAsStream("forget.lua")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Marker marker(RedisServer node) {
        return Marker.parse(node.command("GET", "fencepost:node")).orElseThrow();
    }

    private static long ttl(RedisServer node, String resource) {
        return Long.parseLong(node.command("PTTL", COUNTERS + resource));
    }

    private static long keys(RedisServer node) {
        return Long.parseLong(node.command("DBSIZE"));
    }

    private static long memory(RedisServer node) {
        return node.command("INFO", "memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).trim()))
                .sum();
    }

    private static long tokenOf(LockClient locks, String resource) {
        try (Lease lease = locks.acquire(resource, OnNodes.SOON)) {
            return lease.token().value();
        }
    }
}
