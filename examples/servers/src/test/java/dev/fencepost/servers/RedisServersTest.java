package dev.fencepost.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisServersTest {
    @Test
    void fiveNodesAreIndependent() {
        try (RedisServers redis = RedisServers.start(5)) {
            redis.node(0).command("SET", "key", "value");

            assertThat(redis.nodes())
                    .extracting(node -> node.command("GET", "key"))
                    .containsExactly("value", "(nil)", "(nil)", "(nil)", "(nil)");
        }
    }

    @Test
    void killedNodeComesBackOnItsPortWithWhatItHadConfirmed() {
        try (RedisServers redis = RedisServers.start(1, Persistence.ALWAYS)) {
            RedisServer node = redis.node(0);
            String uri = node.uri();
            node.command("SET", "key", "value");

            node.kill();
            assertThat(node.isRunning()).isFalse();
            assertThatThrownBy(() -> node.command("PING")).isInstanceOf(ServerException.class);
            node.restart();

            assertThat(node.uri()).isEqualTo(uri);
            assertThat(node.command("GET", "key")).isEqualTo("value");
        }
    }

    @Test
    void nodeWithoutPersistenceForgets() {
        try (RedisServers redis = RedisServers.start(1)) {
            RedisServer node = redis.node(0);
            node.command("SET", "key", "value");

            node.restart();

            assertThat(node.command("GET", "key")).isEqualTo("(nil)");
        }
    }

    @Test
    void wipedNodeForgetsInSpiteOfItsPersistence() {
        try (RedisServers redis = RedisServers.start(1, Persistence.ALWAYS)) {
            RedisServer node = redis.node(0);
            node.command("SET", "key", "value");
            assertThatThrownBy(node::wipe)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("kill it");

            node.kill();
            node.wipe();
            node.restart();

            assertThat(node.command("GET", "key")).isEqualTo("(nil)");
        }
    }

    @Test
    void pausedNodeAnswersWhenItIsResumed() {
        try (RedisServers redis = RedisServers.start(1)) {
            RedisServer node = redis.node(0);

            node.pause();
            assertThat(node.isRunning()).isTrue();
            assertThatThrownBy(() -> RespConnection.run(node, Duration.ofMillis(500), "PING"))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("timed out");
            node.resume();

            assertThat(node.command("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void pausedNodeCanBeKilledAndClosed() {
        RedisServers redis = RedisServers.start(2);
        redis.nodes().forEach(RedisServer::pause);

        redis.node(0).kill();
        redis.close();

        assertThat(redis.nodes()).noneMatch(RedisServer::isRunning);
    }

    @Test
    void passwordIsRequired() {
        try (RedisServers redis = RedisServers.start(RedisOptions.nodes(1).withPassword("sesame"))) {
            assertThat(redis.node(0).command("PING")).isEqualTo("PONG");
            assertThat(redis.node(0).command("CONFIG", "GET", "requirepass")).isEqualTo("requirepass\nsesame");
        }
    }

    @Test
    void errorReplyIsAnException() {
        try (RedisServers redis = RedisServers.start(1)) {
            assertThatThrownBy(() -> redis.node(0).command("NONSENSE"))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("unknown command");
        }
    }
}
