package dev.fencepost.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The servers given from outside are, here, some that this test has started before. */
class ExternalServersTest {
    private final Map<String, String> before = new HashMap<>();

    @AfterEach
    void restoreSettings() {
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }

    @Test
    void givenNodesAreUsedAndLeftRunning() {
        try (RedisServers ours = RedisServers.start(2)) {
            set(Provision.SETTING, "external");
            set(ExternalRedisServer.NODES, String.join(", ", ours.uris()));
            try (RedisServers given = RedisServers.start(2)) {
                assertThat(given.uris()).containsExactly(ours.uris());
                assertThat(given.node(1).isRunning()).isTrue();
                given.node(1).command("SET", "key", "value");
            }

            assertThat(ours.node(1).command("GET", "key")).isEqualTo("value");
        }
    }

    @Test
    void givenNodesCannotBeKilled() {
        try (RedisServers ours = RedisServers.start(1)) {
            set(Provision.SETTING, "external");
            set(ExternalRedisServer.NODES, ours.node(0).uri());
            RedisServer given = RedisServers.start(1).node(0);

            assertThatThrownBy(given::kill)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("cannot kill")
                    .hasMessageContaining("given from outside")
                    .hasMessageContaining("embedded or docker");
        }
    }

    @Test
    void tooFewNodesAreNotEnough() {
        set(Provision.SETTING, "external");
        set(ExternalRedisServer.NODES, "redis://127.0.0.1:1");

        assertThatThrownBy(() -> RedisServers.start(3))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("names 1 nodes, and 3 are needed");
    }

    @Test
    void addressesHaveToBeGiven() {
        set(Provision.SETTING, "external");

        assertThatThrownBy(() -> RedisServers.start(1)).hasMessageContaining("set fencepost.redis.nodes");
        assertThatThrownBy(PostgresServer::start).hasMessageContaining("FENCEPOST_POSTGRES_URL");
    }

    @Test
    void addressInAnotherFormIsNamed() {
        set(Provision.SETTING, "external");
        set(ExternalRedisServer.NODES, "localhost:6379");
        set(ExternalPostgresServer.URL, "postgres://somewhere");

        assertThatThrownBy(() -> RedisServers.start(1)).hasMessageContaining("\"localhost:6379\"");
        assertThatThrownBy(PostgresServer::start).hasMessageContaining("\"postgres://somewhere\"");
    }

    @Test
    void databasesMadeOnAGivenServerAreDeletedAgain() {
        try (PostgresServer ours = PostgresServer.start()) {
            set(Provision.SETTING, "external");
            set(ExternalPostgresServer.URL, ours.jdbcUrl());
            PostgresDatabase made;
            try (PostgresServer given = PostgresServer.start()) {
                made = given.newDatabase();
                assertThat(made.query("SELECT current_database()")).isEqualTo(made.name());
                assertThatThrownBy(given::stopImmediate).hasMessageContaining("cannot stop");
            }

            assertThat(ours.maintenance()
                            .query("SELECT count(*) FROM pg_database WHERE datname = '" + made.name() + "'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void serverThatMayLoseCommitsIsRefused() {
        try (PostgresServer ours = PostgresServer.start()) {
            set(Provision.SETTING, "external");
            set(ExternalPostgresServer.URL, ours.jdbcUrl() + "?options=-csynchronous_commit%3Doff");

            assertThatThrownBy(PostgresServer::start).hasMessageContaining("synchronous_commit is off");
        }
    }

    private void set(String name, String value) {
        before.putIfAbsent(name, System.getProperty(name));
        System.setProperty(name, value);
    }
}
