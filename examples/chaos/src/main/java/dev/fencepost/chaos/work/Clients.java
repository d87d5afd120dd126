package dev.fencepost.chaos.work;

import dev.fencepost.LockClient;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.redis.RedisLocks;
import dev.fencepost.redis.internal.Connecting;
import dev.fencepost.redis.internal.Keys;
import dev.fencepost.redis.internal.NodeAddress;
import dev.fencepost.redis.internal.Wiring;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.QuorumLocks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Makes lock clients, as an application does it and on nodes that are looked at. */
final class Clients {
    /** How long a silent node is waited for. */
    private static final Duration NODE_TIMEOUT = Duration.ofMillis(250);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration FIRST_CONNECTION = Duration.ofSeconds(20);

    private final WorkerSettings settings;
    private final Optional<Duration> extendedUpTo;

    Clients(WorkerSettings settings, Optional<Duration> extendedUpTo) {
        this.settings = settings;
        this.extendedUpTo = extendedUpTo;
    }

    /** What stands between a client and a node. */
    @FunctionalInterface
    interface Decoration {
        /** Puts something before a node, counted from 0. */
        LockNode around(LockNode node, int index);
    }

    /** The client that an application has. */
    LockClient plain() {
        var builder = RedisLocks.builder()
                .addresses(settings.nodes().toArray(String[]::new))
                .lease(settings.lease())
                .maxLease(settings.lease())
                .nodeTimeout(NODE_TIMEOUT)
                .connectTimeout(CONNECT_TIMEOUT);
        if (settings.durable()) {
            builder.durableDisks();
        }
        extendedUpTo.ifPresent(builder::autoExtend);
        return patiently(builder::connect);
    }

    /** Connections are given up soon, so that they are made anew soon when faults end; a busy machine may take longer for the first ones. */
    private static LockClient patiently(Supplier<LockClient> connect) {
        long end = System.nanoTime() + FIRST_CONNECTION.toNanos();
        while (true) {
            try {
                return connect.get();
            } catch (QuorumUnavailableException e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
            }
        }
    }

    /** The same client, wired by hand with something before each node. */
    LockClient wired(Decoration decoration) {
        return wired(decoration, UnaryOperator.identity());
    }

    /** The same, but that leases are measured by this clock. */
    LockClient wiredBy(LongSupplier clock, Decoration decoration) {
        return wired(
                decoration,
                real -> new Environment(clock, real.scheduler(), real.executor(), real.nonces(), real.jitter()));
    }

    private Connecting connecting() {
        Connecting within = Connecting.within(CONNECT_TIMEOUT);
        return settings.durable() ? within.askingForFsync() : within;
    }

    private LockClient wired(Decoration decoration, UnaryOperator<Environment> change) {
        List<NodeAddress> addresses =
                settings.nodes().stream().map(NodeAddress::parse).toList();
        Wiring wiring = new Wiring(Optional.empty());
        List<LockNode> real = wiring.nodes(addresses, new Keys("fencepost"), connecting(), EventSink.NONE);
        List<LockNode> nodes = new ArrayList<>();
        for (int i = 0; i < real.size(); i++) {
            nodes.add(decoration.around(real.get(i), i));
        }
        LockSettings.Leases leases = new LockSettings.Leases(settings.lease(), settings.lease(), 0.01, extendedUpTo);
        LockClient client = QuorumLocks.over(
                nodes,
                new LockSettings(
                        leases,
                        LockSettings.DEFAULT.retry(),
                        NODE_TIMEOUT,
                        new LockSettings.Recovery(settings.durable(), false)),
                change.apply(Environment.of(wiring.scheduler(), wiring.executor())),
                EventSink.NONE,
                wiring::close);
        wiring.connect(QuorumLocks.quorum(addresses.size()), FIRST_CONNECTION);
        return client;
    }
}
