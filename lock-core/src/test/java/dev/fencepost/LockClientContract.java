package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What users rely on, whatever hands out the locks: any number of Redis nodes, or PostgreSQL. No test looks behind the API, and none depends on how fast anything is.
 */
public abstract class LockClientContract extends LeaseContract {
    /** For the tests of each kind of client. */
    protected LockClientContract() {}

    @Test
    void tokensGrowFromHolderToHolder() {
        List<FencingToken> tokens = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            try (Lease lease = (i % 2 == 0 ? locks : other).acquire(resource, SOON)) {
                tokens.add(lease.token());
            }
        }

        assertThat(tokens).isSortedAccordingTo(FencingToken::compareTo);
        assertThat(tokens).extracting(FencingToken::value).doesNotHaveDuplicates();
        assertThat(tokens)
                .extracting(FencingToken::owner)
                .doesNotHaveDuplicates()
                .allMatch(owner -> owner.length() >= 32);
        assertThat(tokens).extracting(FencingToken::resource).containsOnly(resource);
    }

    @Test
    void aLockThatIsHeldIsRefusedToEverybodyElse() {
        try (Lease lease = locks.acquire(resource, SOON)) {
            assertThat(other.tryAcquire(resource)).isEmpty();
            assertThat(locks.tryAcquire(resource)).isEmpty();
            assertThat(join(other.tryAcquireAsync(resource))).isEmpty();
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.remaining()).isPositive().isLessThan(Duration.ofMinutes(1));
        }
    }

    @Test
    void whoWaitsTooShortIsToldWhatForAndHowLong() {
        try (Lease held = locks.acquire(resource, SOON)) {
            assertThatThrownBy(() -> other.acquire(resource, Duration.ofMillis(50)))
                    .isInstanceOfSatisfying(
                            LockTimeoutException.class,
                            e -> assertThat(e.resource()).isEqualTo(held.resource()))
                    .hasMessageContaining("'" + resource + "' could not be locked within 50 ms")
                    .hasMessageContaining("somebody else");
        }
    }

    @Test
    void otherResourcesAreFree() {
        try (Lease one = locks.acquire(resource, SOON);
                Lease two = other.acquire(resource + ":token", SOON);
                Lease three = other.acquire(resource.toUpperCase(Locale.ROOT), SOON)) {
            assertThat(List.of(one, two, three)).allMatch(Lease::isHeld);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "\u00fcber/\ud83d\udd12", "'; DROP TABLE x --", "{tag}:*?[x]\\", "%s\n\t", "\u0001"})
    void anyNameIsANameOfItsOwn(String name) {
        try (Lease lease = locks.acquire(resource + name, SOON)) {
            assertThat(lease.resource()).isEqualTo(resource + name);
            assertThat(other.tryAcquire(resource + name)).isEmpty();
        }
    }

    @Test
    void theLongestNamesAreNames() {
        String longest = resource + "\u20ac".repeat(FencingToken.MAX_RESOURCE_LENGTH - resource.length());
        try (Lease lease = locks.acquire(longest, SOON)) {
            assertThat(other.tryAcquire(longest)).isEmpty();
            assertThat(lease.token().resource()).isEqualTo(longest);
        }
    }

    @Test
    void badNamesAreRefusedByName() {
        assertThatThrownBy(() -> locks.tryAcquire(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> locks.acquire("a\0b", SOON)).hasMessageContaining("NUL");
        assertThatThrownBy(() -> locks.acquireAsync("x".repeat(513), SOON)).hasMessageContaining("512");
    }

    @Test
    void whoWaitsIsWokenByTheRelease() {
        LockClient patient = client(Settings.DEFAULT.patient());
        for (int i = 0; i < 3; i++) {
            Lease held = locks.acquire(resource, SOON);
            CompletableFuture<Lease> waiting =
                    patient.acquireAsync(resource, LONG).toCompletableFuture();
            wakeUntilDone(held, waiting);
            waiting.join().close();
        }
    }

    /** A watch takes a moment to begin, and nothing tells a user when it has: releases follow one another until one is heard. */
    private void wakeUntilDone(Lease first, CompletableFuture<Lease> waiting) {
        first.close();
        long end = System.nanoTime() + SOON.toNanos();
        while (!waiting.isDone() && System.nanoTime() < end) {
            locks.tryAcquire(resource).ifPresent(Lease::close);
        }
        assertThat(waiting).isDone();
    }

    @Test
    void waitersOfOneClientAreServedInTheOrderInWhichTheyCame() {
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        Lease held = locks.acquire(resource, SOON);
        List<CompletableFuture<Void>> line = IntStream.range(0, 20)
                .mapToObj(i -> locks.acquireAsync(resource, LONG)
                        .thenAccept(lease -> {
                            served.add(i);
                            lease.close();
                        })
                        .toCompletableFuture())
                .toList();
        held.close();

        line.forEach(ClientTests::join);
        assertThat(served).isEqualTo(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    void eachOfALineHasALargerTokenAndLeavesTheLockToTheNextOnce() {
        Lease held = locks.acquire(resource, SOON);
        List<CompletableFuture<Lease>> line = IntStream.range(0, 12)
                .mapToObj(i -> locks.acquireAsync(resource, LONG).toCompletableFuture())
                .toList();
        Lease before = held;
        for (CompletableFuture<Lease> waiting : line) {
            before.close();
            Lease now = join(waiting);
            before.close();
            assertThat(now.token()).isGreaterThan(before.token());
            assertThat(now.isHeld()).isTrue();
            assertThat(before.isHeld()).isFalse();
            assertThat(other.tryAcquire(resource)).isEmpty();
            before = now;
        }
        before.close();

        assertThat(other.acquire(resource, SOON).token()).isGreaterThan(before.token());
    }

    @Test
    void aCancelledWaitLeavesNothingBehind() {
        Lease held = locks.acquire(resource, SOON);
        CompletableFuture<Lease> given = other.acquireAsync(resource, LONG).toCompletableFuture();
        given.cancel(false);
        held.close();

        locks.acquire(resource, SOON).close();
        assertThat(given).isCancelled();
    }

    @Test
    void anInterruptedWaitEndsAndLeavesNothingBehind() throws InterruptedException {
        Lease held = locks.acquire(resource, SOON);
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                other.acquire(resource, LONG);
            } catch (AcquireInterruptedException e) {
                failure.complete(Thread.currentThread().isInterrupted() ? e : new AssertionError("flag is lost"));
            }
        });
        waiter.start();
        waiter.interrupt();

        assertThat(join(failure))
                .isInstanceOf(AcquireInterruptedException.class)
                .hasMessageContaining(resource);
        waiter.join();
        held.close();
        locks.acquire(resource, SOON).close();
    }

    @Test
    void manyThreadsOfSeveralClientsTakeTurnsAndTheirTokensFollow() {
        List<LockClient> clients = List.of(locks, other, client(Settings.DEFAULT));
        List<Long> tokens = new ArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        List<CompletableFuture<Void>> turns = IntStream.range(0, 60)
                .mapToObj(i -> clients.get(i % clients.size())
                        .acquireAsync(resource, LONG)
                        .thenAccept(lease -> {
                            assertThat(inside.incrementAndGet()).isOne();
                            // No lock guards the list but the one under test.
                            tokens.add(lease.token().value());
                            inside.decrementAndGet();
                            lease.close();
                        })
                        .toCompletableFuture())
                .toList();

        turns.forEach(ClientTests::join);
        assertThat(tokens).hasSize(60).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aTokenCanBeAskedForThatPassesAnother() {
        FencingToken seen = FencingToken.of(resource, 1_000_000);
        try (Lease lease = join(locks.acquireAboveAsync(seen, SOON))) {
            assertThat(lease.token()).isGreaterThan(seen);
        }
        assertThat(other.acquire(resource, SOON).token().value()).isGreaterThan(1_000_001);
    }

    @Test
    void theLastTokenIsSaidToBeTheLast() {
        FencingToken last = FencingToken.of(resource, FencingToken.MAX_VALUE);

        assertThatThrownBy(() -> locks.acquireAboveAsync(last, SOON)
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TokensExhaustedException.class);
    }

    @Test
    void severalAreTakenOrNone() {
        List<String> names = List.of(resource + "c", resource + "a", resource + "b");
        try (MultiLease all = locks.acquireAll(names, SOON)) {
            assertThat(all.tokens())
                    .extracting(FencingToken::resource)
                    .isSorted()
                    .hasSize(3);
            all.extend(Duration.ofMinutes(2));
            assertThat(all.remaining()).isGreaterThan(Duration.ofSeconds(70));
            assertThatThrownBy(() -> other.acquireAll(List.of(resource, resource + "b"), Duration.ofMillis(50)))
                    .isInstanceOf(LockTimeoutException.class);
        }
        other.acquireAll(List.of(resource + "b", resource, resource + "c"), SOON)
                .close();
    }

    @Test
    @SuppressWarnings("LockNotBeforeTry") // what is tested is how often it has to be released
    void theReentrantViewKeepsItsToken() {
        FencedLock lock = locks.asLock(resource);
        lock.lock();
        FencingToken token = lock.token();
        lock.lock();

        assertThat(lock.token()).isEqualTo(token);
        lock.unlock();
        assertThat(other.tryAcquire(resource)).isEmpty();
        lock.unlock();
        other.acquire(resource, SOON).close();
    }

    @Test
    void workUnderALeaseReturnsAndReleases() {
        long token = locks.withLease(resource, SOON, lease -> lease.token().value());

        assertThat(other.acquire(resource, SOON).token().value()).isGreaterThan(token);
    }

    @Test
    void theListenerIsToldOfEachAcquisition() throws InterruptedException {
        Lease lease = locks.acquire(resource, SOON);

        assertThat(nextEvent(LockEvent.Acquired.class).token()).isEqualTo(lease.token());
    }

    @Test
    void aClosedClientGivesEverythingBackAndTakesNothingMore() {
        LockClient third = client(Settings.DEFAULT);
        Lease lease = third.acquire(resource, SOON);
        CompletableFuture<Lease> waiting = third.acquireAsync(resource, LONG).toCompletableFuture();
        third.close();
        third.close();

        assertThat(lease.isHeld()).isFalse();
        assertThatThrownBy(waiting::join).hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> third.tryAcquire(resource)).isInstanceOf(IllegalStateException.class);
        locks.acquire(resource, SOON).close();
    }
}
