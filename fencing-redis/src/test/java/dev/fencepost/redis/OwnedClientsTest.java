package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.servers.Persistence;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.config.NameMapper;

/** The lock over clients that the application has already, and goes on to use. */
final class OwnedClientsTest {
    private static RedisServers servers;
    private static OwnedClients owned;

    private LockClient locks;

    @BeforeAll
    static void start() {
        servers = RedisServers.start(3, Persistence.ALWAYS);
        owned = new OwnedClients(servers);
    }

    @AfterAll
    static void stop() {
        owned.close();
        servers.close();
    }

    @BeforeEach
    void connect() {
        locks = client().connect();
    }

    @AfterEach
    void disconnect() {
        locks.close();
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void itSeesTheLocksOfClientsWithAddressesAndTheyItsOwn() {
        try (LockClient direct = OnNodes.client(servers).connect()) {
            Lease lease = locks.acquire("shared", SOON);
            assertThat(direct.tryAcquire("shared")).isEmpty();
            CompletableFuture<Lease> next = direct.acquireAsync("shared", SOON).toCompletableFuture();
            OnNodes.awaitWatchers(servers, "shared", 1);
            lease.close();

            assertThat(next).succeedsWithin(SOON);
            assertThat(next.join().token().value()).isGreaterThan(lease.token().value());
            assertThat(locks.tryAcquire("shared")).isEmpty();
            next.join().close();
        }
    }

    @Test
    void aWaiterIsWokenByARelease() {
        try (LockClient patient = client().retryDelay(Duration.ofMinutes(1), Duration.ofMinutes(1))
                        .retryJitter(0)
                        .connect();
                LockClient direct = OnNodes.client(servers).connect()) {
            Lease held = direct.acquire("woken", SOON);
            CompletableFuture<Lease> waiting =
                    patient.acquireAsync("woken", OnNodes.LONG).toCompletableFuture();
            OnNodes.awaitWatchers(servers, "woken", 1);
            held.close();

            assertThat(waiting).succeedsWithin(SOON);
            waiting.join().close();
            OnNodes.awaitWatchers(servers, "woken", 0);
        }
    }

    @Test
    void tokensGrowAndNothingIsLeftHoweverManyAskAtOnce() {
        List<CompletableFuture<Long>> tokens = IntStream.range(0, 200)
                .mapToObj(i -> locks.acquireAsync("many", OnNodes.LONG)
                        .thenApply(lease -> {
                            lease.close();
                            return lease.token().value();
                        })
                        .toCompletableFuture())
                .toList();

        assertThat(tokens).allSatisfy(token -> assertThat(token).succeedsWithin(SOON));
        assertThat(tokens.stream().map(CompletableFuture::join).toList())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aReleaseNeverOvertakesItsGrant() {
        List<CompletableFuture<Lease>> given = IntStream.range(0, 500)
                .mapToObj(i -> locks.acquireAsync("given-up-" + i, SOON).toCompletableFuture())
                .toList();
        // Some are granted by then, some are on their way, some have not been sent.
        given.forEach(lease -> lease.cancel(false));
        given.stream()
                .filter(lease -> !lease.isCancelled())
                .forEach(lease -> lease.join().close());

        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void aNodeThatDiesAndComesBackIsMissedByNobodyAndTakesPartAgain() {
        servers.node(1).kill();
        try (Lease lease = locks.acquire("without", SOON)) {
            assertThat(lease.isHeld()).isTrue();
        }
        servers.node(1).restart();

        await().atMost(SOON.multipliedBy(2)).untilAsserted(() -> {
            try (Lease lease = locks.acquire("again", SOON)) {
                assertThat(OnNodes.owners(servers, "again"))
                        .containsOnly(lease.token().owner());
            }
        });
    }

    @Test
    void leasesAreKeptAutomaticallyAndPutBack() {
        try (LockClient keeping = client().lease(Duration.ofSeconds(6))
                .nodeTimeout(Duration.ofSeconds(2))
                .autoExtend()
                .connect()) {
            Lease lease = keeping.acquire("kept", SOON);
            OnNodes.lose(List.of(servers.node(2)), "kept");

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(OnNodes.owners(servers, "kept"))
                            .containsOnly(lease.token().owner()));
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void theClientsOutliveTheLocks() {
        CompletableFuture<Lease> waiting;
        try (LockClient direct = OnNodes.client(servers).connect()) {
            Lease held = direct.acquire("theirs", SOON);
            locks.acquire("left-open", SOON);
            waiting = locks.acquireAsync("theirs", OnNodes.LONG).toCompletableFuture();
            OnNodes.awaitWatchers(servers, "theirs", 1);
            locks.close();

            assertThat(waiting).failsWithin(SOON);
            OnNodes.awaitWatchers(servers, "theirs", 0);
            held.close();
        }
        OnNodes.awaitNoLocks(servers);
        for (RedissonClient client : owned.all()) {
            assertThat(client.isShutdown()).isFalse();
            client.getBucket("of-the-application").set("works");
        }
    }

    @Test
    void aClientThatConnectsOnlyNowDoesNotHoldUpItsCaller() {
        servers.node(2).kill();
        Config config = few().setLazyInitialization(true);
        config.useSingleServer().setAddress(servers.node(2).uri());
        RedissonClient lazy = Redisson.create(config);
        RedissonClient[] clients = owned.all();
        clients[2] = lazy;
        try (LockClient two = RedisLocks.builder()
                        .formatBlankNodes()
                        .clients(clients)
                        .connectTimeout(SOON)
                        .connect();
                Lease lease = two.acquire("lazy", SOON)) {
            assertThat(lease.isHeld()).isTrue();
        } finally {
            lazy.shutdown();
            servers.node(2).restart();
        }
    }

    @Test
    void clientsThatAreNoNodesAreRefused() {
        RedissonClient[] clients = owned.all();
        assertRefused(client().addresses(servers.uris()), "either addresses or clients make the nodes");
        assertRefused(RedisLocks.builder().formatBlankNodes().clients(), "and there are no clients either");
        assertRefused(RedisLocks.builder().formatBlankNodes().clients(clients[0], clients[0]), "is given twice");
        RedissonClient closed = OwnedClients.of(servers.node(0));
        closed.shutdown();
        assertRefused(RedisLocks.builder().formatBlankNodes().clients(closed), "must be open");
    }

    @Test
    void clientsThatLookElsewhereForTheLocksAreRefused() {
        String address = servers.node(0).uri();
        Config database = few();
        database.useSingleServer().setAddress(address).setDatabase(3);
        Config mapper = few();
        mapper.setNameMapper(new Prefixing()).useSingleServer().setAddress(address);
        Config replicated = few();
        replicated
                .useMasterSlaveServers()
                .setMasterAddress(address)
                .addSlaveAddress(servers.node(1).uri());

        assertRefused(database, "must use database 0");
        assertRefused(mapper, "must not map names");
        assertRefused(replicated, "must be of a single server");
    }

    /** Sees no keys but its own. */
    private static final class Prefixing implements NameMapper {
        @Override
        public String map(String name) {
            return "mine:" + name;
        }

        @Override
        public String unmap(String name) {
            return name.substring("mine:".length());
        }
    }

    private static void assertRefused(Config config, String complaint) {
        RedissonClient client = Redisson.create(config);
        try {
            assertRefused(RedisLocks.builder().formatBlankNodes().clients(client), complaint);
        } finally {
            client.shutdown();
        }
    }

    private static Config few() {
        return new Config().setThreads(2).setNettyThreads(2);
    }

    private static RedisLocksBuilder client() {
        return RedisLocks.builder()
                .formatBlankNodes()
                .durableDisks()
                .clients(owned.all())
                .lease(OnNodes.LONG)
                .nodeTimeout(Duration.ofSeconds(15))
                .connectTimeout(SOON);
    }

    private static void assertRefused(RedisLocksBuilder builder, String complaint) {
        assertThatThrownBy(builder::connect)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint);
    }
}
