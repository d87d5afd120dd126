package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a user on the nodes has to be allowed, and what is said when it is not. */
final class AclTest {
    /** As docs/operations.md has it. */
    private static final String RULES = "on >s3cret resetchannels ~fencepost:* &fencepost:* -@all"
            + " +ping +info +eval +evalsha +get +set +incr +del +pttl +pexpire +time +publish +subscribe +unsubscribe";

    /** How long all nodes together may take to refuse a client. */
    private static final Duration REFUSAL = Duration.ofSeconds(3);

    private static RedisServers servers;

    @BeforeAll
    static void startServers() {
        servers = RedisServers.start(3);
    }

    @AfterAll
    static void stopServers() {
        servers.close();
    }

    @Test
    void aUserWithTheDocumentedRulesCanDoEverything() {
        allow("locks", RULES);
        Duration lease = Duration.ofSeconds(6);
        try (LockClient locks =
                        as("locks", OnNodes.SOON).lease(lease).autoExtend().connect();
                LockClient other = as("locks", OnNodes.SOON).connect()) {
            Lease held = locks.acquire("all", OnNodes.SOON);
            servers.node(0).command("SET", "fencepost:token:all", "0");
            OnNodes.lose(List.of(servers.node(1)), "all");
            OnNodes.awaitPassed(servers.node(0), lease);
            assertThat(held.isHeld()).isTrue();
            await().atMost(OnNodes.SOON)
                    .untilAsserted(() -> assertThat(OnNodes.owners(servers, "all"))
                            .containsOnly(held.token().owner()));

            var waiting = other.acquireAsync("all", OnNodes.SOON).toCompletableFuture();
            OnNodes.awaitWatchers(servers, "all", 1);
            held.close();

            assertThat(waiting).succeedsWithin(OnNodes.SOON);
            waiting.join().close();
        }
        OnNodes.awaitNoLocks(servers);
        assertThat(servers.nodes())
                .allSatisfy(node -> assertThat(node.command("ACL", "LOG")).isEmpty());
    }

    @Test
    void theRulesAreInTheDocumentation() throws Exception {
        assertThat(Files.readString(Path.of("../docs/operations.md"))).contains("ACL SETUSER locks " + RULES);
    }

    @Test
    void whatAUserLacksIsNamed() {
        for (String command : List.of("info", "eval", "ping")) {
            allow("without-" + command, RULES + " -" + command);

            assertThatThrownBy(() -> as("without-" + command, REFUSAL).connect())
                    .isInstanceOfSatisfying(
                            QuorumUnavailableException.class,
                            e -> assertThat(e.reasons().values())
                                    .hasSize(3)
                                    .allSatisfy(reason -> assertThat(reason)
                                            .startsWith("NOPERM")
                                            .contains("'" + command + "'")
                                            .doesNotContain("s3cret")));
        }
        servers.nodes().forEach(node -> node.command("ACL", "LOG", "RESET"));
    }

    @Test
    void aUserWhoMayNotTouchTheKeysIsToldSo() {
        allow("elsewhere", RULES.replace("~fencepost:*", "~other:*"));

        assertThatThrownBy(() -> as("elsewhere", REFUSAL).connect())
                .isInstanceOf(QuorumUnavailableException.class)
                .hasMessageContaining("NOPERM");
        servers.nodes().forEach(node -> node.command("ACL", "LOG", "RESET"));
    }

    private static void allow(String user, String rules) {
        List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", user, "reset"));
        command.addAll(List.of(rules.split(" ")));
        servers.nodes().forEach(node -> node.command(command.toArray(String[]::new)));
    }

    private static RedisLocksBuilder as(String user, Duration connectTimeout) {
        return RedisLocks.builder()
                .formatBlankNodes()
                .addresses(servers.nodes().stream()
                        .map(RedisServer::uri)
                        .map(uri -> uri.replace("//", "//" + user + ":s3cret@"))
                        .toArray(String[]::new))
                .nodeTimeout(REFUSAL)
                .connectTimeout(connectTimeout);
    }
}
