package dev.fencepost.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fencepost.FencingToken;
import dev.fencepost.LockClient;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.StaleTokenException;
import dev.fencepost.redis.RedisLocks;
import dev.fencepost.servers.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class LeaderTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final RecipeServers servers = RecipeServers.SHARED;
    private final List<Change> changes = new CopyOnWriteArrayList<>();

    private record Change(String who, String what, FencingToken term) {}

    @Test
    void anotherOneIsElectedWithALargerTermOnceTheLeaderHasStopped() {
        try (LockClient locks = connect(LONG);
                LockClient others = connect(LONG)) {
            Leader first = Leader.campaign(locks, "office/one", duties("first"));
            awaitChanges(1);
            try (Leader second = Leader.campaign(others, "office/one", duties("second"))) {
                assertThat(first.term()).contains(changes.get(0).term());
                assertThat(second.term()).isEmpty();
                first.close();
                awaitChanges(3);
                assertThat(first.term()).isEmpty();
            }
        }
        assertThat(changes.stream().map(change -> change.who() + " " + change.what()))
                .containsExactly("first elected", "first deposed", "second elected", "second deposed");
        assertThat(changes.get(1).term()).isEqualTo(changes.get(0).term());
        assertThat(changes.get(2).term()).isGreaterThan(changes.get(0).term());
    }

    @Test
    void aLeaderWithoutAQuorumIsDeposedAndItsLateWritesAreRefused() {
        FenceGuard guard = FenceGuard.of(servers.dataSource());
        List<RedisServer> majority = servers.redis().nodes().subList(0, 2);
        try (LockClient locks = connect(Duration.ofSeconds(2));
                Leader leader = Leader.campaign(locks, "office/two", duties("leader"))) {
            awaitChanges(1);
            FencingToken first = changes.get(0).term();
            guard.write(first, handle -> {});

            majority.forEach(RedisServer::pause);
            try {
                await().atMost(RecipeServers.SOON).until(() -> leader.term().isEmpty());
                awaitChanges(2);
            } finally {
                majority.forEach(RedisServer::resume);
            }
            assertThat(changes.get(1)).isEqualTo(new Change("leader", "deposed", first));
            await().atMost(RecipeServers.SOON)
                    .until(() -> changes.size() % 2 == 1 && leader.term().isPresent());
            FencingToken later = changes.get(changes.size() - 1).term();
            assertThat(later).isGreaterThan(first);
            guard.write(later, handle -> {});

            assertThatThrownBy(() -> guard.write(first, handle -> {})).isInstanceOf(StaleTokenException.class);
        }
        assertThat(changes).hasSizeGreaterThanOrEqualTo(4);
        assertThat(changes.get(changes.size() - 1).what()).isEqualTo("deposed");
    }

    @Test
    void aLeaderMayResignInTheMiddleOfItsDuties() {
        CompletableFuture<Leader> self = new CompletableFuture<>();
        try (LockClient locks = connect(LONG)) {
            self.complete(Leader.campaign(locks, "office/three", new Leader.Duties() {
                @Override
                public void elected(FencingToken term) {
                    changes.add(new Change("leader", "elected", term));
                    self.join().close();
                }

                @Override
                public void deposed(FencingToken term) {
                    changes.add(new Change("leader", "deposed", term));
                }
            }));
            awaitChanges(2);
            self.join().close();
        }
        assertThat(changes.stream().map(Change::what)).containsExactly("elected", "deposed");
    }

    private LockClient connect(Duration lease) {
        return RedisLocks.builder()
                .addresses(servers.redis().uris())
                .formatBlankNodes()
                .lease(lease)
                .autoExtend()
                .connect();
    }

    private void awaitChanges(int count) {
        await().atMost(RecipeServers.SOON)
                .untilAsserted(() -> assertThat(changes).hasSizeGreaterThanOrEqualTo(count));
    }

    private Leader.Duties duties(String who) {
        return new Leader.Duties() {
            @Override
            public void elected(FencingToken term) {
                changes.add(new Change(who, "elected", term));
            }

            @Override
            public void deposed(FencingToken term) {
                changes.add(new Change(who, "deposed", term));
            }
        };
    }
}
