package dev.fencepost.redis;

import dev.fencepost.redis.internal.Connecting;
import dev.fencepost.redis.internal.Keys;
import dev.fencepost.redis.internal.NodeAddress;
import dev.fencepost.redis.internal.OwnedClient;
import dev.fencepost.redis.internal.TrustStore;
import dev.fencepost.redis.internal.Wiring;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.QuorumLocks;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.redisson.api.RedissonClient;

/** Which nodes a client is given, and how to reach them. For use by one thread; checked when the nodes are made. */
final class RedisNodes {
    List<String> addresses = List.of();
    List<String> otherAddresses = List.of();
    List<RedissonClient> clients = List.of();
    List<RedissonClient> otherClients = List.of();
    Optional<TrustStore> trustStore = Optional.empty();
    String keyPrefix = "fencepost";

    /** Prepares the nodes, and connects to none. */
    QuorumLocks.Nodes in(Wiring wiring, EventSink events, Connecting within) {
        Connecting connecting = trustStore.map(within::trusting).orElse(within);
        Keys keys = new Keys(Objects.requireNonNull(keyPrefix, "keyPrefix"));
        List<NodeAddress> parsed = Stream.concat(addresses.stream(), otherAddresses.stream())
                .map(NodeAddress::parse)
                .toList();
        List<OwnedClient> owned = Stream.concat(clients.stream(), otherClients.stream())
                .map(OwnedClient::of)
                .toList();
        requireNodes(parsed, owned);
        List<LockNode> nodes = owned.isEmpty()
                ? wiring.nodes(parsed, keys, connecting, events)
                : wiring.nodes(owned, keys, connecting.asksForFsync(), events);
        int members = addresses.size() + clients.size();
        return new QuorumLocks.Nodes(nodes.subList(0, members), nodes.subList(members, nodes.size()));
    }

    private void requireNodes(List<NodeAddress> parsed, List<OwnedClient> owned) {
        if (addresses.isEmpty() && clients.isEmpty()) {
            throw new IllegalArgumentException(
                    "addresses must name at least one node, but are empty, and there are no clients either");
        }
        if (!parsed.isEmpty() && !owned.isEmpty()) {
            throw new IllegalArgumentException(
                    "either addresses or clients make the nodes, but both are given: " + parsed + " and " + owned);
        }
        if (trustStore.isPresent() && parsed.stream().noneMatch(NodeAddress::tls)) {
            throw new IllegalArgumentException(
                    "trustStore is for addresses that begin with rediss://, but none does: " + parsed);
        }
    }
}
