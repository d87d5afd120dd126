package dev.fencepost.redis;

import dev.fencepost.redis.internal.Keys;
import dev.fencepost.redis.internal.OwnedClient;
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
import org.redisson.api.RedissonClient;

/** A real server over the pooled connections of a client that the application owns; every test has keys of its own. */
class OwnedNodeContractTest extends MembershipContract {
    private static final RedisServers SERVERS = RedisServers.start(1);
    private static final RedisServer SERVER = SERVERS.node(0);
    private static final RedissonClient CLIENT = OwnedClients.of(SERVER);
    private static int prefixes;

    private final String prefix = "owned-" + prefixes++;
    private final Wiring wiring = new Wiring(Optional.empty());

    @Override
    protected LockNode open() {
        LockNode node = wiring.nodes(List.of(OwnedClient.of(CLIENT)), new Keys(prefix), false, EventSink.NONE)
                .get(0);
        wiring.reach(Duration.ofSeconds(20));
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
        CLIENT.shutdown();
        SERVERS.close();
    }
}
