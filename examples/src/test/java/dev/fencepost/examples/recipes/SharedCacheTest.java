package dev.fencepost.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.LockClient;
import dev.fencepost.examples.recipes.SharedCache.Ages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SharedCacheTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Ages LONG = new Ages(HOUR, HOUR, RecipeServers.SOON);
    private static final Ages ALWAYS_OLD = new Ages(Duration.ZERO, HOUR, RecipeServers.SOON);

    private final RecipeServers servers = RecipeServers.SHARED;
    private final LockClient locks = servers.connect();
    private final LockClient others = servers.connect();
    private final ExecutorService threads = Executors.newFixedThreadPool(8);

    @AfterAll
    void close() {
        threads.shutdownNow();
        locks.close();
        others.close();
    }

    @Test
    void oneComputesAndTheOthersWait() throws Exception {
        AtomicInteger computed = new AtomicInteger();
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SharedCache cache = cache(i % 2 == 0 ? locks : others, LONG);
            answers.add(threads.submit(() -> cache.get("one", () -> "value " + computed.incrementAndGet())));
        }

        for (Future<String> answer : answers) {
            assertThat(answer.get()).isEqualTo("value 1");
        }
        assertThat(computed).hasValue(1);
    }

    @Test
    void theOldValueIsServedWhileOneComputesANewOne() throws Exception {
        cache(locks, LONG).get("stale", () -> "old");
        Slow slow = new Slow("new");
        Future<String> computing = threads.submit(() -> cache(locks, ALWAYS_OLD).get("stale", slow));
        slow.awaitBegun();

        assertThat(cache(others, ALWAYS_OLD).get("stale", () -> "never computed"))
                .isEqualTo("old");

        slow.finish();
        assertThat(computing.get()).isEqualTo("new");
        assertThat(cache(others, LONG).get("stale", () -> "never computed")).isEqualTo("new");
    }

    @Test
    void aLateComputationDoesNotReplaceANewerOne() throws Exception {
        Slow slow = new Slow("old");
        Future<String> late = threads.submit(() -> cache(locks, LONG).get("late", slow));
        slow.awaitBegun();
        servers.forgetLock(SharedCache.resource("late"));

        assertThat(cache(others, LONG).get("late", () -> "new")).isEqualTo("new");
        slow.finish();

        assertThat(late.get()).isEqualTo("new");
        assertThat(cache(others, LONG).get("late", () -> "never computed")).isEqualTo("new");
    }

    private SharedCache cache(LockClient client, Ages ages) {
        return new SharedCache(servers.jdbi(), client, ages);
    }

    /** Computes until it is told to finish. */
    private record Slow(String value, CountDownLatch begun, CountDownLatch finished) implements Supplier<String> {
        Slow(String value) {
            this(value, new CountDownLatch(1), new CountDownLatch(1));
        }

        @Override
        public String get() {
            begun.countDown();
            await(finished);
            return value;
        }

        void awaitBegun() {
            await(begun);
        }

        void finish() {
            finished.countDown();
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(RecipeServers.SOON.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
