package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.fencepost.FencedLock;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockEvent;
import dev.fencepost.MultiLease;
import dev.fencepost.redis.internal.NodeAddress;
import dev.fencepost.redis.internal.TrustStore;
import dev.fencepost.servers.RedisOptions;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing that gets into a log shows what must stay secret: passwords, and owners, with which a lock can be released. */
final class ShownTest {
    private static final String PASSWORD = "s3cret-word";

    private final RedisServers servers =
            RedisServers.start(RedisOptions.nodes(3).withPassword(PASSWORD));

    @AfterEach
    void stop() {
        servers.close();
    }

    @Test
    void neitherPasswordsNorOwnersAreShownAnywhere() {
        List<LockEvent> events = new CopyOnWriteArrayList<>();
        List<String> shown = new ArrayList<>();
        List<String> owners = new ArrayList<>();
        try (LockClient locks = client().listener(events::add).connect()) {
            shown.add(locks.toString());
            Lease lease = locks.acquire("shown", SOON);
            owners.add(OnNodes.owners(servers, "shown").get(0));
            shown.add(lease.toString());
            shown.add(lease.token().toString());
            MultiLease all = locks.acquireAll(List.of("a", "b"), SOON);
            owners.add(all.token("a").owner());
            shown.add(all.toString());
            FencedLock lock = locks.asLock("lock");
            shown.add(lock.toString());

            OnNodes.lose(servers.nodes(), "shown");
            shown.add(trace(catchThrowable(() -> lease.extend(Duration.ofSeconds(10)))));
            servers.nodes().forEach(node -> node.command("RPUSH", "fencepost:token:list", "1"));
            shown.add(trace(catchThrowable(() -> locks.tryAcquire("list"))));
            servers.nodes().forEach(RedisServer::kill);
            shown.add(trace(catchThrowable(() -> all.extend(Duration.ofSeconds(10)))));
            shown.add(trace(catchThrowable(() -> locks.tryAcquire("gone"))));
            await().atMost(SOON).until(() -> events.stream().anyMatch(LockEvent.NodeUnreachable.class::isInstance));
        }
        events.forEach(event -> shown.add(event.toString()));
        shown.add(NodeAddress.parse(withPassword(servers.node(0))).toString());
        shown.add(new TrustStore(Path.of("trusted.p12"), PASSWORD).toString());

        assertThat(owners).allSatisfy(owner -> assertThat(owner).hasSize(32));
        assertThat(shown)
                .hasSizeGreaterThan(15)
                .allSatisfy(text -> assertThat(text).doesNotContain(PASSWORD).doesNotContain(owners));
    }

    private RedisLocksBuilder client() {
        return RedisLocks.builder()
                .formatBlankNodes()
                .addresses(servers.nodes().stream().map(ShownTest::withPassword).toArray(String[]::new))
                .connectTimeout(SOON);
    }

    private static String withPassword(RedisServer node) {
        return node.uri().replace("//", "//:" + PASSWORD + "@");
    }

    private static String trace(Throwable failure) {
        assertThat(failure).isNotNull();
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
