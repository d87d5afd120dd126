package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How those who wait learn that they need not any more. The clients pause for a minute between attempts, and leases last longer than the tests: only being woken explains that a waiter
 * gets its lock.
 */
final class WakingTest {
    private static final Duration WAIT = Duration.ofMinutes(3);
    private static RedisServers servers;

    private LockClient holder;
    private LockClient waiter;

    @BeforeAll
    static void startServers() {
        servers = RedisServers.start(3);
    }

    @AfterAll
    static void stopServers() {
        servers.close();
    }

    @BeforeEach
    void connect() {
        holder = patient().connect();
        waiter = patient().connect();
    }

    @AfterEach
    void disconnect() {
        holder.close();
        waiter.close();
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void aReleaseWakesTheWaiterOfAnotherClient() {
        Lease held = holder.acquire("woken", Duration.ZERO);
        CompletableFuture<Lease> waiting = waiter.acquireAsync("woken", WAIT).toCompletableFuture();
        OnNodes.awaitWatchers(servers, "woken", 1);
        held.close();

        assertThat(waiting).succeedsWithin(SOON);
    }

    @Test
    void aReleaseWakesTheWaiterAlsoWhenAMinorityIsSilent() {
        Lease held = holder.acquire("minority", Duration.ZERO);
        CompletableFuture<Lease> waiting = waiter.acquireAsync("minority", WAIT).toCompletableFuture();
        OnNodes.awaitWatchers(servers, "minority", 1);
        servers.node(1).pause();
        held.close();

        assertThat(waiting).succeedsWithin(SOON);
        servers.node(1).resume();
    }

    @Test
    void aWaiterWhoseConnectionDiedIsWokenOverTheNextOne() {
        Lease held = holder.acquire("reconnected", Duration.ZERO);
        CompletableFuture<Lease> waiting =
                waiter.acquireAsync("reconnected", WAIT).toCompletableFuture();
        OnNodes.awaitWatchers(servers, "reconnected", 1);
        servers.nodes().forEach(node -> node.command("CLIENT", "KILL", "TYPE", "pubsub"));
        OnNodes.awaitWatchers(servers, "reconnected", 1);
        held.close();

        assertThat(waiting).succeedsWithin(SOON);
    }

    @Test
    void aWaiterThatHearsNothingAsksByItself() {
        try (LockClient deaf = OnNodes.client(servers).connect()) {
            Lease held = holder.acquire("deaf", Duration.ZERO);
            CompletableFuture<Lease> waiting = deaf.acquireAsync("deaf", WAIT).toCompletableFuture();
            OnNodes.awaitWatchers(servers, "deaf", 1);
            servers.nodes().forEach(node -> node.command("CLIENT", "KILL", "TYPE", "pubsub"));
            // Not announced, as when nobody hears it: freed behind everybody's back.
            OnNodes.lose(servers.nodes(), "deaf");

            assertThat(waiting).succeedsWithin(SOON);
            held.close();
        }
    }

    @Test
    void aWaiterTakesOverWhenTheHoldersLeaseRunsOut() {
        try (LockClient crashed = RedisLocks.builder()
                .formatBlankNodes()
                .addresses(servers.uris())
                .lease(Duration.ofSeconds(2))
                .connect()) {
            crashed.acquire("crashed", SOON);
            try (LockClient next = OnNodes.client(servers).connect()) {
                assertThat(next.acquireAsync("crashed", WAIT).toCompletableFuture())
                        .succeedsWithin(SOON);
            }
        }
    }

    @Test
    void waitersOfOneClientAreServedInTheOrderInWhichTheyCame() {
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        Lease held = waiter.acquire("line", Duration.ZERO);
        List<CompletableFuture<Void>> line = IntStream.range(0, 50)
                .mapToObj(i -> waiter.acquireAsync("line", WAIT)
                        .thenAccept(lease -> {
                            served.add(i);
                            lease.close();
                        })
                        .toCompletableFuture())
                .toList();
        held.close();

        assertThat(line).allSatisfy(one -> assertThat(one).succeedsWithin(SOON));
        assertThat(served).isEqualTo(IntStream.range(0, 50).boxed().toList());
    }

    @Test
    void aWaiterThatGivesUpLetsTheNextOneInLineGoOn() {
        Lease held = holder.acquire("given-up", Duration.ZERO);
        CompletableFuture<Lease> first = waiter.acquireAsync("given-up", WAIT).toCompletableFuture();
        CompletableFuture<Lease> second = waiter.acquireAsync("given-up", WAIT).toCompletableFuture();
        OnNodes.awaitWatchers(servers, "given-up", 1);
        first.cancel(false);
        held.close();

        assertThat(second).succeedsWithin(SOON);
    }

    @Test
    void aResourceThatIsHandedOverWithinAClientGoesToOthersToo() {
        Lease held = holder.acquire("shared", Duration.ZERO);
        CompletableFuture<Lease> other = waiter.acquireAsync("shared", WAIT).toCompletableFuture();
        OnNodes.awaitWatchers(servers, "shared", 1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        // While one of them has the lock, the other is the next in the line of the client.
        List<CompletableFuture<Void>> hogs = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> {
                            while (!other.isDone()) {
                                holder.acquire("shared", WAIT).close();
                            }
                        },
                        threads))
                .toList();
        held.close();

        assertThat(other).succeedsWithin(SOON);
        other.join().close();
        assertThat(hogs).allSatisfy(hog -> assertThat(hog).succeedsWithin(SOON));
        threads.shutdown();
    }

    @Test
    void oneThatLocksAgainAndAgainLetsOthersIn() {
        Lease held = holder.acquire("hogged", Duration.ZERO);
        CompletableFuture<Lease> other = waiter.acquireAsync("hogged", WAIT).toCompletableFuture();
        OnNodes.awaitWatchers(servers, "hogged", 1);
        CompletableFuture<Void> hog = CompletableFuture.runAsync(() -> {
            while (!other.isDone()) {
                holder.acquire("hogged", WAIT).close();
            }
        });
        held.close();

        assertThat(other).succeedsWithin(SOON);
        other.join().close();
        assertThat(hog).succeedsWithin(SOON);
    }

    private static RedisLocksBuilder patient() {
        return OnNodes.client(servers)
                .retryDelay(Duration.ofMinutes(1), Duration.ofMinutes(1))
                .retryJitter(0);
    }
}
