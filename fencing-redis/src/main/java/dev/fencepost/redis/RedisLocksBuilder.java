package dev.fencepost.redis;

import dev.fencepost.LockClient;
import dev.fencepost.redis.internal.Connecting;
import dev.fencepost.redis.internal.Keys;
import dev.fencepost.redis.internal.NodeAddress;
import dev.fencepost.redis.internal.OwnedClient;
import dev.fencepost.redis.internal.TrustStore;
import dev.fencepost.redis.internal.Wiring;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockClientBuilder;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.QuorumLocks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.redisson.api.RedissonClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects the settings of a lock client on Redis. For use by one thread; nothing is checked before {@link #connect()}. */
public final class RedisLocksBuilder extends LockClientBuilder<RedisLocksBuilder> {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLocksBuilder.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private List<String> addresses = List.of();
    private List<RedissonClient> clients = List.of();
    private Optional<TrustStore> trustStore = Optional.empty();
    private String keyPrefix = "fencepost";
    private boolean durableDisks;
    private boolean formatBlankNodes;
    private boolean thrifty;

    RedisLocksBuilder() {
        super(CONNECT_TIMEOUT);
    }

    /**
     * The nodes. All clients of a cluster must be given the same nodes, by the same names, in any order; one that is given others is refused by the nodes.
     *
     * @param addresses one for each node, as {@code redis://[[user]:password@]host[:port][#name]}, or {@code rediss://} for TLS with a check of the
     *     host's name against its certificate. A node is called by its address, unless it is given a name, which clients need that reach it at different addresses
     * @return this builder
     */
    public RedisLocksBuilder addresses(String... addresses) {
        this.addresses = Arrays.stream(addresses).toList();
        return this;
    }

    /**
     * The nodes, over clients that the application has already, instead of {@link #addresses}. They are shared and never closed. Requests take the connections of their pools, and
     * their timeouts, retries and credentials; {@code connectTimeout} is how long to wait for a quorum of them at the start.
     *
     * @param clients one for each node, each of a single server, on database 0 and without a name mapper
     * @return this builder
     */
    public RedisLocksBuilder clients(RedissonClient... clients) {
        this.clients = Arrays.stream(clients).toList();
        return this;
    }

    /**
     * Which certificates a node's own must lead to, where the address begins with {@code rediss://}. Those that the Java platform trusts unless set. That the certificate
     * is for the host that the address names is checked in either case, and cannot be switched off.
     *
     * @param file a key store, such as PKCS12
     * @param password what it is locked with; never shown
     * @return this builder
     */
    public RedisLocksBuilder trustStore(Path file, String password) {
        this.trustStore = Optional.of(new TrustStore(file, password));
        return this;
    }

    /**
     * What all keys on the nodes start with. {@code fencepost} unless set. Clients with different prefixes do not see each other's locks.
     *
     * @param keyPrefix 1 to 64 letters, digits, dots, dashes or underscores
     * @return this builder
     */
    public RedisLocksBuilder keyPrefix(String keyPrefix) {
        this.keyPrefix = keyPrefix;
        return this;
    }

    /**
     * Vouches for the disks of all nodes: what a node has written before it answered is there after a restart. A node that is found with its data after a restart, and is seen to run with
     * {@code appendonly yes}, {@code appendfsync always} and no failed write, is then used again at once, in place of after the longest lease. Not vouched for unless set. If it is not true,
     * two clients may hold a lease at the same time; their tokens differ all the same.
     *
     * @return this builder
     */
    public RedisLocksBuilder durableDisks() {
        this.durableDisks = true;
        return this;
    }

    /**
     * Makes a new cluster of the nodes if all of them can be reached and every one is blank. Otherwise, and unless this is set, that takes {@link #format()}. A client that has known a cluster of
     * these nodes never does so. Still not for nodes that may lose their data all at once: the next client that starts would make a new cluster, which knows nothing of the old one.
     *
     * @return this builder
     */
    public RedisLocksBuilder formatBlankNodes() {
        this.formatBlankNodes = true;
        return this;
    }

    /**
     * Asks a majority of the nodes first, and the others only if those do not decide: of five nodes three, for three fifths of the commands. Which ones depends on the name of the resource alone, so that clients meet there, and all nodes have their share.
     * All are asked at the beginning, and by one attempt in 32. Not thrifty unless set. Clients of the same nodes need not agree on it; tokens are as unique and in order as ever.
     *
     * <p>The price: where one of those that were asked is down or slow, an attempt takes a second round trip, or, if it stays silent, a quarter of the node timeout more, until the client has taken note, which is mostly after one. And a lease
     * is on no more than a majority until its first extension, which puts it on the other nodes as well: if one of these forgets before that, the lease cannot be extended, and is lost at its end at the latest.
     *
     * @return this builder
     */
    public RedisLocksBuilder thrifty() {
        this.thrifty = true;
        return this;
    }

    /**
     * Makes a new cluster of the nodes, once, before the first client connects.
     *
     * @throws IllegalArgumentException if a setting is not allowed
     * @throws IllegalStateException if a quorum of them makes a cluster already, or one is of another cluster
     * @throws dev.fencepost.QuorumUnavailableException if not all of them can be reached; the message says why for each
     * @see #format(long)
     */
    public void format() {
        format(0);
    }

    /**
     * Makes a new cluster of the nodes, whose tokens are all larger than a floor, and than all that its nodes still know of. Also the way out where so many nodes have forgotten that the others cannot
     * bring them back. Leases that were held before may overlap with new ones until they end, so let the longest lease pass first where that matters.
     *
     * @param floor what every token is to be larger than, such as the largest that a store has seen; 0 for no demand
     * @throws IllegalArgumentException if a setting is not allowed
     * @throws IllegalStateException if a quorum of them makes a cluster already, or one is of another cluster
     * @throws dev.fencepost.QuorumUnavailableException if not all of them can be reached; the message says why for each
     */
    public void format(long floor) {
        LockSettings settings = settings();
        Wiring wiring = new Wiring(executor());
        List<LockNode> nodes = List.of();
        try {
            nodes = nodes(wiring, EventSink.NONE, durableDisks);
            wiring.reach(connectTimeout());
            QuorumLocks.format(nodes, settings, Environment.of(wiring.scheduler(), wiring.executor()), floor);
        } finally {
            nodes.forEach(LockNode::close);
            wiring.close();
        }
    }

    /**
     * Lets the counters of resources go away that nobody locks for a time from now on, on every node that takes part, and returns when they are marked; the nodes remove them later by themselves. A resource that is
     * locked before keeps its counter. Tokens never repeat and never fall: before a counter may go, the node makes all of its counters start from there. So the next token of <em>every</em> resource may skip many numbers.
     *
     * <p>May be called as often as wanted, while locks are in use. Each request looks at about 500 keys of one node, one request at a time.
     *
     * @param unusedFor from 1 ms to 10 years, from when a counter is looked at
     * @param atMost how long this may go on; what was not looked at by then waits for the next call
     * @return how many counters were looked at and marked
     * @throws IllegalArgumentException if a setting or a parameter is not allowed
     */
    public UnusedReport forgetUnused(Duration unusedFor, Duration atMost) {
        UnusedCounters unused = new UnusedCounters(unusedFor, atMost);
        try (RedisInspector inspector = inspector()) {
            return inspector.mark(unused);
        }
    }

    /**
     * Checks the settings, and connects to each node that can be reached within the time for connecting, to look at it. Needs no quorum, and changes nothing on the nodes.
     *
     * @return shows how the nodes are, with these settings; to be closed by the caller
     * @throws IllegalArgumentException if a setting is not allowed
     */
    public RedisInspector inspector() {
        LockSettings settings = settings();
        Wiring wiring = new Wiring(executor());
        try {
            List<LockNode> nodes = nodes(wiring, EventSink.NONE, true);
            wiring.reach(connectTimeout());
            return new RedisInspector(wiring, nodes, wiring.probes(), settings);
        } catch (RuntimeException e) {
            wiring.close();
            throw e;
        }
    }

    /**
     * Checks the settings, connects, and waits until a quorum of the nodes can be used. The others go on being tried in the background.
     *
     * @return a client, to be closed by the caller
     * @throws IllegalArgumentException if a setting is not allowed; the message names it, its value, and what is allowed
     * @throws dev.fencepost.QuorumUnavailableException if fewer than a quorum can be reached; the message says why for each. Nothing is left
     *     running
     */
    @Override
    public LockClient connect() {
        LockSettings settings = settings();
        Wiring wiring = new Wiring(executor());
        EventSink events = events(wiring.executor());
        List<LockNode> nodes;
        try {
            nodes = nodes(wiring, events, durableDisks);
        } catch (RuntimeException e) {
            wiring.close();
            throw e;
        }
        LockClient client;
        try {
            client = QuorumLocks.over(
                    nodes, settings, Environment.of(wiring.scheduler(), wiring.executor()), events, wiring::close);
        } catch (RuntimeException e) {
            nodes.forEach(LockNode::close);
            wiring.close();
            throw e;
        }
        try {
            wiring.connect(QuorumLocks.quorum(nodes.size()), connectTimeout());
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
        if (nodes.size() % 2 == 0) {
            LOG.warn("{} nodes tolerate no more failures than {} would", nodes.size(), nodes.size() - 1);
        }
        return client;
    }

    private List<LockNode> nodes(Wiring wiring, EventSink events, boolean asksForFsync) {
        Connecting within = Connecting.within(connectTimeout());
        Connecting trusting = trustStore.map(within::trusting).orElse(within);
        Connecting connecting = asksForFsync ? trusting.askingForFsync() : trusting;
        Keys keys = new Keys(Objects.requireNonNull(keyPrefix, "keyPrefix"));
        List<NodeAddress> parsed = addresses.stream().map(NodeAddress::parse).toList();
        List<OwnedClient> owned = clients.stream().map(OwnedClient::of).toList();
        requireNodes(parsed, owned);
        return owned.isEmpty()
                ? wiring.nodes(parsed, keys, connecting, events)
                : wiring.nodes(owned, keys, asksForFsync, events);
    }

    private void requireNodes(List<NodeAddress> parsed, List<OwnedClient> owned) {
        if (parsed.isEmpty() && owned.isEmpty()) {
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

    private LockSettings settings() {
        LockSettings settings =
                settings(LockSettings.DEFAULT.nodeTimeout(), new LockSettings.Recovery(durableDisks, formatBlankNodes));
        return thrifty ? settings.thriftily() : settings;
    }
}
