package dev.fencepost.redis;

import dev.fencepost.redis.internal.Connecting;
import dev.fencepost.redis.internal.Keys;
import dev.fencepost.redis.internal.NodeAddress;
import dev.fencepost.redis.internal.Wiring;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.MembershipContract;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/** A real server, on which every test has keys of its own. */
class RedisNodeContractTest extends MembershipContract {
    private static final RedisServers SERVERS = RedisServers.start(1);
    private static final RedisServer SERVER = SERVERS.node(0);
    private static int prefixes;

    private final String prefix = "contract-" + prefixes++;
    private final Wiring wiring = new Wiring(Optional.empty());

    @Override
    protected LockNode open() {
        List<NodeAddress> address = List.of(NodeAddress.parse(SERVER.uri()));
        LockNode node = wiring.nodes(
                        address, new Keys(prefix), Connecting.within(Duration.ofSeconds(5)), EventSink.NONE)
                .get(0);
        wiring.reach(Duration.ofSeconds(10));
        return node;
    }

    @Override
    protected void pass(String resource, Duration time) {
        String lock = prefix + ":lock:" + resource;
        long left = Long.parseLong(SERVER.command("PTTL", lock)) - time.toMillis();
        SERVER.command("PEXPIRE", lock, Long.toString(left));
    }

    @Override
    protected void afterClose() {
        wiring.close();
    }

    @AfterAll
    static void stopServer() {
        SERVERS.close();
    }
}
