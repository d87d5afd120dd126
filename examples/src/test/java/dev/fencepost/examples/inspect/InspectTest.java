package dev.fencepost.examples.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.redis.RedisLocks;
import dev.fencepost.servers.Persistence;
import dev.fencepost.servers.RedisOptions;
import dev.fencepost.servers.RedisServers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the tool prints of real servers that need somebody to look after them. */
final class InspectTest {
    private static final String PASSWORD = "s3cret";
    private static final Duration LONG = Duration.ofMinutes(2);

    private record Shown(int exit, String text) {}

    @Test
    void oddThingsArePrintedAndNoPassword() {
        try (RedisServers servers = RedisServers.start(
                RedisOptions.nodes(3).with(Persistence.ALWAYS).withPassword(PASSWORD))) {
            String[] addresses = servers.nodes().stream()
                    .map(node -> node.uri().replace("//", "//:" + PASSWORD + "@"))
                    .toArray(String[]::new);
            try (LockClient locks = RedisLocks.builder()
                            .addresses(addresses)
                            .formatBlankNodes()
                            .nodeTimeout(Duration.ofSeconds(15))
                            .lease(LONG)
                            .connect();
                    Lease lease = heldEverywhere(locks, servers)) {
                String counter = "fencepost:token:invoice/42";
                Shown good = inspect("--resource", "invoice/42", addresses);
                assertThat(good.text()).contains("Nothing is odd.", "'invoice/42' is held for ");
                assertThat(good.exit()).isZero();

                Shown forgetting = inspect("--forget", "720h", addresses);
                assertThat(forgetting.text()).contains("newly marked").doesNotContain(PASSWORD);
                assertThat(forgetting.exit()).isZero();

                servers.node(0).kill();
                servers.node(1).command("PERSIST", "fencepost:lock:invoice/42");
                servers.node(2).command("SET", counter, "5000000");
                servers.node(2).command("DEL", "fencepost:lock:invoice/42");
                Shown bad = inspect("--resource", "invoice/42", addresses);

                assertThat(bad.exit()).isEqualTo(1);
                assertThat(bad.text())
                        .contains("UNREACHABLE", "for ever", "no time to live", "far apart", "on a minority")
                        .contains(servers.node(0).uri())
                        .doesNotContain(PASSWORD)
                        .doesNotContain(lease.token().owner());
            }
        }
    }

    @Test
    void theSetOfNodesIsChangedAndShownAndWhatCannotBeChangedIsSaid() {
        try (RedisServers servers = RedisServers.start(4)) {
            String[] four = servers.uris();
            String[] three = Arrays.copyOf(four, 3);
            Shown before = inspect("--other", four[3], three);
            assertThat(before.text()).contains("SPARE", "no lock can be taken");
            try (LockClient locks = RedisLocks.builder()
                    .addresses(three)
                    .otherAddresses(four[3])
                    .formatBlankNodes()
                    .connect()) {
                Shown changed = inspect("--change-nodes", "--durable-disks", four);

                assertThat(changed.text())
                        .contains("are those of the addresses now", "The nodes, 3 of which are needed", "QUARANTINED");
                assertThat(changed.exit()).isEqualTo(1);
                locks.acquire("invoice/42", LONG).close();
            }
            Shown again = inspect("--other", four[3], "--change-nodes", three[0], three[1], three[2]);
            assertThat(again.text()).contains("less than the longest lease ago");
            assertThat(again.exit()).isEqualTo(1);
        }
    }

    @Test
    void whatCannotBeUnderstoodIsSaidWithTheUsage() {
        assertThat(inspect("--resource", "x").exit()).isEqualTo(2);
        Shown unknown = inspect("--fast", "x", "redis://localhost:1");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.text()).contains("there is no option --fast", "exit codes");
        assertThat(inspect("--max-lease", "soon", "redis://localhost:1").text())
                .contains("--max-lease must be a time such as 5m");
    }

    /** A client is connected as soon as a quorum is in use, so perhaps before the last node takes part. */
    private static Lease heldEverywhere(LockClient locks, RedisServers servers) {
        Awaitility.await().atMost(LONG).until(() -> {
            locks.acquire("invoice/42", LONG).close();
            return has(servers, "fencepost:token:invoice/42");
        });
        Lease lease = locks.acquire("invoice/42", LONG);
        Awaitility.await().atMost(LONG).until(() -> has(servers, "fencepost:lock:invoice/42"));
        return lease;
    }

    private static boolean has(RedisServers servers, String key) {
        return servers.nodes().stream()
                .allMatch(node -> node.command("EXISTS", key).equals("1"));
    }

    private static Shown inspect(String option, String value, String... addresses) {
        List<String> arguments = new ArrayList<>(List.of(option, value, "--timeout", "15s"));
        arguments.addAll(List.of(addresses));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int exit = Inspect.run(arguments, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return new Shown(exit, bytes.toString(StandardCharsets.UTF_8));
    }
}
