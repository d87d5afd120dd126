package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockEvent;
import dev.fencepost.LockListener;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import dev.fencepost.spi.QuorumLocks.Standing.State;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The set of nodes is changed while locks are in use, as docs/operations.md describes it. */
final class ChangedNodesTest {
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private final RedisServers servers = RedisServers.start(5);
    private final String[] five = servers.uris();
    private final String[] three = Arrays.copyOf(five, 3);
    private final String[] four = Arrays.copyOf(five, 4);

    @AfterEach
    void stop() {
        servers.close();
    }

    @Test
    void threeNodesBecomeFiveAndThreeAgainWhileLocksAreInUse() throws InterruptedException, ExecutionException {
        try (LockClient one =
                        client(three).otherAddresses(rest(three)).autoExtend().connect();
                LockClient two = client(three).otherAddresses(rest(three)).connect();
                Load load = new Load(List.of(one, two));
                Lease held = one.acquire("held all the time", OnNodes.SOON)) {
            load.awaitMore();

            client(five).changeNodes();
            load.awaitMore();
            awaitReady(five);
            awaitHeldOnAll(held);
            servers.node(0).kill();
            servers.node(1).kill();
            load.awaitMore();
            assertThat(held.isHeld()).as("with two of five nodes down").isTrue();
            servers.node(0).restart();
            servers.node(1).restart();
            awaitReady(five);
            awaitHeldOnAll(held);

            client(four).otherAddresses(rest(four)).changeNodes();
            load.awaitMore();
            awaitChange(() -> client(three).otherAddresses(rest(three)).changeNodes());
            load.awaitMore();
            servers.node(3).kill();
            servers.node(4).kill();
            servers.node(0).kill();
            load.awaitMore();

            assertThat(held.isHeld()).as("through all sets of nodes").isTrue();
            held.extend(LONGEST);
            load.stop();
        }
    }

    @Test
    void aClientThatDoesNotKnowTheOtherNodesIsRefusedAndSaysWhich() {
        try (LockClient strict = client(three).connect()) {
            strict.acquire("r", OnNodes.SOON).close();

            client(five).changeNodes();

            await().atMost(OnNodes.SOON)
                    .untilAsserted(() -> assertThatExceptionOfType(QuorumUnavailableException.class)
                            .isThrownBy(() -> strict.tryAcquire("r"))
                            .withMessageContaining(five[4]));
        }
        try (LockClient knows = client(five).connect()) {
            knows.acquire("r", OnNodes.SOON).close();
        }
    }

    @Test
    void aChangeThatWouldLetQuorumsMissEachOtherIsRefusedAndNothingHasHappened() {
        client(five).connect().close();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> client(three).otherAddresses(rest(three)).changeNodes())
                .withMessageContaining("one node at a time");
        client(four).otherAddresses(rest(four)).changeNodes();
        assertThatIllegalStateException()
                .isThrownBy(() -> client(three).otherAddresses(rest(three)).changeNodes())
                .withMessageContaining("call again in");
        servers.node(0).kill();
        awaitChange(() -> assertThatExceptionOfType(QuorumUnavailableException.class)
                .isThrownBy(() -> client(three).otherAddresses(rest(three)).changeNodes())
                .withMessageContaining(five[0]));
        try (LockClient locks = client(four).connect()) {
            locks.acquire("r", OnNodes.SOON).close();
        }
    }

    @Test
    void aNodeThatIsGoneForGoodIsExchangedForAnother() {
        String[] after = {five[1], five[2], five[3]};
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        LockMetrics metrics = LockMetrics.in(registry);
        List<List<String>> sets = new CopyOnWriteArrayList<>();
        LockListener listener = event -> {
            metrics.on(event);
            if (event instanceof LockEvent.NodesChanged changed) {
                sets.add(changed.members());
            }
        };
        try (LockClient locks =
                client(three).otherAddresses(five[3]).listener(listener).connect()) {
            long before = OnNodes.tokenOf(locks);
            servers.node(0).kill();
            awaitOut(registry, 1);

            client(after).otherAddresses(five[0]).changeNodes();
            long meanwhile = OnNodes.tokenOf(locks);
            awaitReady(after);
            awaitOut(registry, 0);
            assertThat(sets).containsExactly(Stream.of(after).sorted().toList());
            servers.node(1).kill();

            assertThat(meanwhile).isGreaterThan(before);
            assertThat(OnNodes.tokenOf(locks)).isGreaterThan(meanwhile);
        }
    }

    private static void awaitOut(SimpleMeterRegistry registry, int nodes) {
        await().atMost(OnNodes.SOON)
                .untilAsserted(() -> assertThat(
                                registry.get("fencepost.lock.nodes.out").gauge().value())
                        .isEqualTo(nodes));
    }

    @Test
    void aChangeThatWasGivenUpHalfWayIsTakenBackOrMadeOnceMore() {
        client(three).connect().close();
        RedisServer first = servers.nodes().stream()
                .filter(node ->
                        node.uri().equals(Stream.of(three).sorted().findFirst().orElseThrow()))
                .findFirst()
                .orElseThrow();
        setOut(first, four);

        try (LockClient locks = client(three).otherAddresses(rest(three)).connect()) {
            OnNodes.tokenOf(locks);
            assertThatIllegalStateException()
                    .isThrownBy(() -> client(five).changeNodes())
                    .withMessageContaining("take it back");
            client(three).otherAddresses(rest(three)).changeNodes();
            awaitReady(three);
            OnNodes.tokenOf(locks);
        }
    }

    /** As a change does to the first node, before whoever makes it dies. */
    private static void setOut(RedisServer node, String[] next) {
        String[] words = node.command("GET", "fencepost:node").split(" ", -1);
        words[0] = "M";
        words[1] = "0123456789abcdef0123456789abcdef";
        words[14] = String.join(
                ",",
                Stream.of(next)
                        .sorted()
                        .map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8))
                        .toList());
        node.command("SET", "fencepost:node", String.join(" ", words));
    }

    private static void awaitChange(Runnable change) {
        await().atMost(OnNodes.SOON)
                .ignoreException(IllegalStateException.class)
                .until(() -> {
                    change.run();
                    return true;
                });
    }

    private void awaitReady(String... members) {
        try (RedisInspector inspector =
                client(members).otherAddresses(rest(members)).inspector()) {
            await().atMost(OnNodes.SOON)
                    .untilAsserted(() -> assertThat(inspector.inspect().nodes())
                            .filteredOn(node -> List.of(members).contains(node.node()))
                            .allSatisfy(node -> assertThat(node.state()).isEqualTo(State.READY)));
        }
    }

    /** An extension has put the lock back on nodes that had lost it. */
    private void awaitHeldOnAll(Lease lease) {
        await().atMost(OnNodes.SOON)
                .untilAsserted(() -> assertThat(servers.nodes())
                        .allSatisfy(node -> assertThat(OnNodes.owner(node, lease.resource()))
                                .isEqualTo(lease.token().owner())));
    }

    private String[] rest(String... members) {
        return Stream.of(five).filter(uri -> !List.of(members).contains(uri)).toArray(String[]::new);
    }

    private static RedisLocksBuilder client(String... addresses) {
        return OnNodes.brief(LONGEST, addresses).nodeTimeout(Duration.ofMillis(700));
    }

    /** Takes a few locks again and again with all clients, and none of the calls may fail. */
    private static final class Load implements AutoCloseable {
        private static final int MORE = 300;

        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final ConcurrentLinkedQueue<Long> tokens = new ConcurrentLinkedQueue<>();
        private final List<Future<?>> running = new ArrayList<>();
        private volatile boolean over;

        Load(List<LockClient> clients) {
            for (LockClient locks : clients) {
                running.add(threads.submit(() -> {
                    while (!over) {
                        try (Lease lease = locks.acquire("shared", OnNodes.SOON)) {
                            tokens.add(lease.token().value());
                        }
                    }
                }));
                running.add(threads.submit(() -> {
                    while (!over) {
                        locks.tryAcquire("own of " + locks.hashCode()).ifPresent(Lease::close);
                    }
                }));
            }
        }

        void awaitMore() {
            int before = tokens.size();
            await().atMost(OnNodes.LONG).until(() -> {
                for (Future<?> one : running) {
                    if (one.isDone()) {
                        one.get();
                    }
                }
                return tokens.size() >= before + MORE;
            });
        }

        /** Nobody failed; and whoever held the lock later has the larger token, since each adds its own while it holds it. */
        void stop() throws InterruptedException, ExecutionException {
            over = true;
            for (Future<?> one : running) {
                one.get();
            }
            assertThat(List.copyOf(tokens)).isSorted().doesNotHaveDuplicates();
        }

        @Override
        public void close() {
            over = true;
            threads.shutdownNow();
        }
    }
}
