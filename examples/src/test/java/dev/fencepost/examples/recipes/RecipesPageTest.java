package dev.fencepost.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fencepost.FencingToken;
import dev.fencepost.LockClient;
import dev.fencepost.examples.recipes.SharedCache.Ages;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.redis.RedisLocks;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code docs/recipes.md} shows, run as it is. */
final class RecipesPageTest {
    private static final long NOTIFICATIONS = 1_000;
    private static final long BATCH = 300;

    private final RecipeServers servers = RecipeServers.SHARED;
    private final Jdbi jdbi = servers.jdbi();
    private final FenceGuard guard = FenceGuard.of(jdbi);

    /** Work that a leader starts and stops. */
    private static final class Work {
        private Thread thread = new Thread();

        void start(Runnable task) {
            thread = new Thread(task);
            thread.start();
        }

        void stop() {
            thread.interrupt();
        }
    }

    @BeforeEach
    void createTable() {
        jdbi.useHandle(handle ->
                handle.execute("DROP TABLE IF EXISTS outbox; CREATE TABLE outbox (recipient bigint NOT NULL)"));
    }

    @Test
    void leader() {
        Work work = new Work();
        LockClient locks = RedisLocks.builder()
                .addresses(servers.redis().uris())
                .formatBlankNodes()
                .lease(Duration.ofSeconds(15))
                .autoExtend()
                .connect();
        try (locks) {
            Leader leader = Leader.campaign(locks, "office/dispatcher", new Leader.Duties() {
                @Override
                public void elected(FencingToken term) {
                    work.start(() -> guard.write(term, handle -> dispatch(handle)));
                }

                @Override
                public void deposed(FencingToken term) {
                    work.stop();
                }
            });
            await().atMost(RecipeServers.SOON).until(() -> sent() == 1);
            assertThat(leader.term()).isPresent();
            leader.close();
            assertThat(leader.term()).isEmpty();
        }
    }

    @Test
    void tickJob() {
        Instant tick = Instant.parse("2026-11-02T02:00:00Z");
        try (LockClient locks = servers.connect()) {
            TickJob.Result result = new TickJob("reminders", locks, guard).run(tick, (handle, position) -> {
                long next = Math.min(NOTIFICATIONS, position + BATCH);
                handle.execute("INSERT INTO outbox SELECT generate_series(?::bigint + 1, ?)", position, next);
                return next;
            });
            assertThat(result).isEqualTo(TickJob.Result.FINISHED);
        }
        assertThat(sent()).isEqualTo(NOTIFICATIONS);
    }

    @Test
    void cache() {
        try (LockClient locks = servers.connect()) {
            SharedCache cache = new SharedCache(
                    jdbi, locks, new Ages(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofSeconds(10)));
            String page = cache.get("front-page", () -> render());

            assertThat(page).isEqualTo("<h1>Front page</h1>");
        }
    }

    private static void dispatch(Handle handle) {
        handle.execute("INSERT INTO outbox VALUES (1)");
    }

    private static String render() {
        return "<h1>Front page</h1>";
    }

    private long sent() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM outbox")
                .mapTo(Long.class)
                .one());
    }
}
