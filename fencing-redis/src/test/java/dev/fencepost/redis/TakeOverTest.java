package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.LONG;
import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockEvent;
import dev.fencepost.LockTimeoutException;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases of one client that go from one to the next in line without the nodes being asked: the tokens of all of them were taken by one attempt, whose owner they have. */
final class TakeOverTest {
    private static RedisServers servers;

    private final List<LockEvent> events = new CopyOnWriteArrayList<>();
    private LockClient locks;
    private LockClient other;

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
        locks = OnNodes.client(servers).listener(events::add).connect();
        other = OnNodes.client(servers).connect();
    }

    @AfterEach
    void disconnect() {
        locks.close();
        other.close();
        OnNodes.awaitNoLocks(servers);
    }

    @Test
    void aLineIsServedInItsOrderByFewRequestsAndEveryLeaseHasATokenOfItsOwn() {
        int waiters = 64;
        List<Integer> served = new ArrayList<>();
        List<FencingToken> tokens = new ArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        Lease held = locks.acquire("line", SOON);
        long before = mostRequests();
        List<CompletableFuture<Void>> line = IntStream.range(0, waiters)
                .mapToObj(i -> locks.acquireAsync("line", LONG)
                        .thenAccept(lease -> {
                            assertThat(inside.incrementAndGet()).isOne();
                            assertThat(lease.isHeld()).isTrue();
                            // No lock guards the lists but the one under test.
                            served.add(i);
                            tokens.add(lease.token());
                            inside.decrementAndGet();
                            lease.close();
                        })
                        .toCompletableFuture())
                .toList();
        held.close();
        assertThat(line).allSatisfy(one -> assertThat(one).succeedsWithin(SOON));
        OnNodes.awaitNoLocks(servers);

        assertThat(served).isEqualTo(IntStream.range(0, waiters).boxed().toList());
        assertThat(tokens).isSortedAccordingTo(FencingToken::compareTo);
        assertThat(tokens).extracting(FencingToken::value).doesNotHaveDuplicates();
        assertThat(owners(tokens)).hasSizeLessThanOrEqualTo(waiters / 4);
        // One at a time, each would be a grant and a release.
        assertThat(mostRequests() - before).isLessThan(waiters);
        try (Lease next = other.acquire("line", SOON)) {
            assertThat(next.token()).isGreaterThan(tokens.get(waiters - 1));
        }
    }

    @Test
    void threadsThatTakeTurnsAreNeverTwoAtATime() {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<FencingToken> tokens = new ArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        List<CompletableFuture<Void>> all = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> {
                            for (int turn = 0; turn < 40; turn++) {
                                try (Lease lease = locks.acquire("turns", LONG)) {
                                    assertThat(inside.incrementAndGet()).isOne();
                                    tokens.add(lease.token());
                                    inside.decrementAndGet();
                                }
                            }
                        },
                        threads))
                .toList();
        assertThat(all).allSatisfy(one -> assertThat(one).succeedsWithin(LONG));
        threads.shutdown();

        assertThat(tokens).hasSize(8 * 40).isSortedAccordingTo(FencingToken::compareTo);
        assertThat(tokens).extracting(FencingToken::value).doesNotHaveDuplicates();
        assertThat(owners(tokens)).hasSizeLessThan(8 * 40 / 2);
    }

    @Test
    void whatIsTakenOverIsHeldForNoLongerThanItWasAndByWhoeverHasItNow() {
        Line line = new Line("passed", 2);
        Lease first = line.next();
        Duration left = first.remaining();
        first.close();
        Lease second = line.next();
        first.close();

        assertThat(second.token().owner()).isEqualTo(first.token().owner());
        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(second.remaining()).isPositive().isLessThanOrEqualTo(left);
        assertThat(first.isHeld()).isFalse();
        assertThat(second.isHeld()).isTrue();
        assertThat(OnNodes.owners(servers, "passed")).contains(second.token().owner());
        assertThat(locks.tryAcquire("passed")).isEmpty();
        assertThatThrownBy(() -> other.acquire("passed", Duration.ZERO)).isInstanceOf(LockTimeoutException.class);
        second.close();
        assertThat(other.acquire("passed", SOON).token()).isGreaterThan(second.token());
    }

    @Test
    void whoeverGaveUpInLineIsPassedOver() {
        Lease held = locks.acquire("given-up", SOON);
        CompletableFuture<Lease> first = waiting("given-up");
        CompletableFuture<Lease> cancelled = waiting("given-up");
        CompletableFuture<Lease> late =
                locks.acquireAsync("given-up", Duration.ofMillis(50)).toCompletableFuture();
        CompletableFuture<Lease> last = waiting("given-up");
        held.close();
        Lease lease = join(first);
        cancelled.cancel(false);
        assertThat(late).failsWithin(SOON);
        lease.close();

        try (Lease next = join(last)) {
            assertThat(next.token().owner()).isEqualTo(lease.token().owner());
            assertThat(next.token()).isGreaterThan(lease.token());
        }
    }

    @Test
    void whoeverCameLaterThanTheAttemptIsNotServedByIt() {
        Lease held = locks.acquire("later", SOON);
        CompletableFuture<Lease> first = waiting("later");
        CompletableFuture<Lease> cancelled = waiting("later");
        held.close();
        Lease lease = join(first);
        cancelled.cancel(false);
        CompletableFuture<Lease> waiting = waiting("later");
        lease.close();

        try (Lease next = join(waiting)) {
            assertThat(next.token().owner()).isNotEqualTo(lease.token().owner());
            assertThat(next.token()).isGreaterThan(lease.token());
        }
    }

    @Test
    void aTokenThatIsNotLargeEnoughIsNotTakenOver() {
        Lease held = locks.acquire("above", SOON);
        CompletableFuture<Lease> first = waiting("above");
        CompletableFuture<Lease> above =
                locks.acquireAboveAsync(FencingToken.of("above", 1_000), LONG).toCompletableFuture();
        held.close();
        join(first).close();

        try (Lease lease = join(above)) {
            assertThat(lease.token().value()).isGreaterThan(1_000);
        }
    }

    @Test
    void aLeaseOfWhichTooMuchIsGoneIsReleasedAndTheNextOneAsksAnew() {
        Duration length = Duration.ofSeconds(8);
        try (LockClient brief = OnNodes.unhurried(servers)
                .nodeTimeout(length.dividedBy(2))
                .lease(length)
                .connect()) {
            Lease held = brief.acquire("old", SOON);
            CompletableFuture<Lease> first = brief.acquireAsync("old", LONG).toCompletableFuture();
            CompletableFuture<Lease> second = brief.acquireAsync("old", LONG).toCompletableFuture();
            held.close();
            Lease lease = join(first);
            OnNodes.awaitPassed(servers.node(0), length.dividedBy(8).plusMillis(200));
            lease.close();

            try (Lease next = join(second)) {
                assertThat(next.token().owner()).isNotEqualTo(lease.token().owner());
                assertThat(next.token()).isGreaterThan(lease.token());
            }
        }
    }

    @Test
    void whatIsTakenOverIsExtendedAsLongAsItIsHeld() {
        Duration length = Duration.ofSeconds(3);
        try (LockClient keeper = keeper(length)) {
            Lease lease = takenOver(keeper, "kept");
            OnNodes.awaitPassed(servers.node(0), length.plusSeconds(1));

            assertThat(lease.isHeld()).isTrue();
            assertThat(events)
                    .filteredOn(LockEvent.Extended.class::isInstance)
                    .extracting(event -> ((LockEvent.Extended) event).token())
                    .contains(lease.token());
            assertThat(OnNodes.owners(servers, "kept")).contains(lease.token().owner());
            lease.close();
        }
    }

    @Test
    void theLossOfWhatWasTakenOverIsTold() {
        try (LockClient keeper = keeper(Duration.ofSeconds(3))) {
            Lease lease = takenOver(keeper, "lost");
            CompletableFuture<Boolean> told = new CompletableFuture<>();
            lease.onLost(() -> told.complete(lease.isHeld()));
            OnNodes.lose(servers.nodes().subList(0, 2), "lost");

            assertThat(told).succeedsWithin(SOON).isEqualTo(false);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(events)
                            .filteredOn(LockEvent.Lost.class::isInstance)
                            .extracting(event -> ((LockEvent.Lost) event).token())
                            .containsExactly(lease.token()));
            lease.close();
        }
    }

    @Test
    void aClientThatIsClosedHandsNothingOver() {
        Line line = new Line("closed", 4);
        Lease first = line.next();
        locks.close();

        assertThat(first.isHeld()).isFalse();
        assertThat(line.waiting).allSatisfy(one -> assertThat(one).isCompletedExceptionally());
        OnNodes.awaitNoLocks(servers);
    }

    /** So many that wait for a resource of the client, all of them since before the attempt that serves them. */
    private final class Line {
        private final List<CompletableFuture<Lease>> waiting;

        Line(String resource, int length) {
            Lease held = locks.acquire(resource, SOON);
            waiting = new ArrayList<>(
                    IntStream.range(0, length).mapToObj(i -> waiting(resource)).toList());
            held.close();
        }

        Lease next() {
            return join(waiting.remove(0));
        }
    }

    private CompletableFuture<Lease> waiting(String resource) {
        return locks.acquireAsync(resource, LONG).toCompletableFuture();
    }

    private LockClient keeper(Duration length) {
        return OnNodes.unhurried(servers)
                .nodeTimeout(length.dividedBy(2))
                .lease(length)
                .autoExtend()
                .listener(events::add)
                .connect();
    }

    /** A lease that was taken over from another; on a busy machine that may be too old, and then there is another try. */
    private static Lease takenOver(LockClient client, String resource) {
        List<Lease> found = new ArrayList<>();
        await().atMost(LONG).until(() -> {
            Lease held = client.acquire(resource, SOON);
            CompletableFuture<Lease> first = client.acquireAsync(resource, LONG).toCompletableFuture();
            CompletableFuture<Lease> second =
                    client.acquireAsync(resource, LONG).toCompletableFuture();
            held.close();
            Lease before = join(first);
            before.close();
            Lease after = join(second);
            if (!after.token().owner().equals(before.token().owner())) {
                after.close();
                return false;
            }
            return found.add(after);
        });
        return found.get(0);
    }

    private static Lease join(CompletableFuture<Lease> waiting) {
        assertThat(waiting).succeedsWithin(SOON);
        return waiting.join();
    }

    private static List<String> owners(List<FencingToken> tokens) {
        return tokens.stream().map(FencingToken::owner).distinct().toList();
    }

    private static long mostRequests() {
        return servers.nodes().stream().mapToLong(OnNodes::requests).max().orElseThrow();
    }
}
