package dev.fencepost.redis;

import dev.fencepost.LockClient;
import dev.fencepost.redis.internal.Connecting;
import dev.fencepost.redis.internal.TrustStore;
import dev.fencepost.redis.internal.Wiring;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockClientBuilder;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.QuorumLocks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.redisson.api.RedissonClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects the settings of a lock client on Redis. For use by one thread; nothing is checked before {@link #connect()}. */
public final class RedisLocksBuilder extends LockClientBuilder<RedisLocksBuilder> {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLocksBuilder.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final RedisNodes nodes = new RedisNodes();
    private boolean durableDisks;
    private boolean formatBlankNodes;
    private boolean thrifty;

    RedisLocksBuilder() {
        super(CONNECT_TIMEOUT);
    }

    /**
     * The nodes. All clients of a cluster must be given the same nodes, by the same names, in any order; one that is given others is refused by the nodes, unless it is given {@link #otherAddresses} as well.
     *
     * @param addresses one for each node, as {@code redis://[[user]:password@]host[:port][#name]}, or {@code rediss://} for TLS with a check of the
     *     host's name against its certificate. A node is called by its address, unless it is given a name, which clients need that reach it at different addresses
     * @return this builder
     */
    public RedisLocksBuilder addresses(String... addresses) {
        nodes.addresses = Arrays.stream(addresses).toList();
        return this;
    }

    /**
     * Nodes that are to become members of the cluster, or were. With any, the client goes by what a majority of the nodes says about which of all its nodes make the cluster, and follows when that is {@linkplain #changeNodes()
     * changed}: leases that are held on all nodes stay held.
     *
     * @param others further nodes, in the same form
     * @return this builder
     */
    public RedisLocksBuilder otherAddresses(String... others) {
        nodes.otherAddresses = Arrays.stream(others).toList();
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
        nodes.clients = Arrays.stream(clients).toList();
        return this;
    }

    /**
     * The same as {@link #otherAddresses}, over clients that the application has already.
     *
     * @param others further clients
     * @return this builder
     */
    public RedisLocksBuilder otherClients(RedissonClient... others) {
        nodes.otherClients = Arrays.stream(others).toList();
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
        nodes.trustStore = Optional.of(new TrustStore(file, password));
        return this;
    }

    /**
     * What all keys on the nodes start with. {@code fencepost} unless set. Clients with different prefixes do not see each other's locks.
     *
     * @param keyPrefix 1 to 64 letters, digits, dots, dashes or underscores
     * @return this builder
     */
    public RedisLocksBuilder keyPrefix(String keyPrefix) {
        nodes.keyPrefix = keyPrefix;
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
        withAllNodes((all, environment) -> QuorumLocks.format(all, settings, environment, floor));
    }

    /**
     * Changes the set of nodes of a cluster, while locks are in use, to the {@link #addresses}: not those of the clients before, but those that are to be. Take the {@code lease}, {@code maxLease} and {@code keyPrefix} of the clients: a longer
     * {@code maxLease} than theirs stays on the nodes, and is how long a node that forgets is missing from then on. Nodes that are to leave it are given as {@link #otherAddresses}. All clients have to know how to reach all of these nodes by then, the
     * one set as addresses and the rest as others. Leases that are held on all nodes stay held; new nodes take part after the longest lease.
     *
     * <p>In one step three nodes can become five, five four, and four three, or one can be exchanged for another: so many have to stay that they are a majority afterwards, and each majority afterwards without a new node has to meet
     * every majority from before. After a change the longest lease has to pass before the next. To change to the nodes that make the cluster now takes back a change that was given up half-way. The steps are described in
     * {@code docs/operations.md}.
     *
     * @throws IllegalArgumentException if a setting is not allowed, or the cluster cannot become that of these nodes in one step
     * @throws IllegalStateException if it cannot now, since the last change was too short a time ago, or somebody is at another
     * @throws dev.fencepost.QuorumUnavailableException if nodes are missing; the message says why for each. The call can be made once more, and goes on from where it was
     * @throws dev.fencepost.AcquireInterruptedException if the thread was interrupted; call it once more
     */
    public void changeNodes() {
        LockSettings settings = settings();
        withAllNodes((all, environment) -> QuorumLocks.change(all, settings, environment));
    }

    private void withAllNodes(BiConsumer<QuorumLocks.Nodes, Environment> work) {
        Wiring wiring = new Wiring(executor());
        try {
            QuorumLocks.Nodes all = nodes(wiring, EventSink.NONE, durableDisks);
            wiring.reach(connectTimeout());
            work.accept(all, Environment.of(wiring.scheduler(), wiring.executor()));
        } finally {
            wiring.closeAll();
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
            QuorumLocks.Nodes all = nodes(wiring, EventSink.NONE, true);
            wiring.reach(connectTimeout());
            return new RedisInspector(wiring, all, wiring.probes(), settings);
        } catch (RuntimeException e) {
            wiring.closeAll();
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
        LockClient client;
        int members;
        try {
            QuorumLocks.Nodes all = nodes(wiring, events, durableDisks);
            members = all.members().size();
            Environment environment = Environment.of(wiring.scheduler(), wiring.executor());
            client = QuorumLocks.over(all, settings, environment, events, wiring::close);
        } catch (RuntimeException e) {
            wiring.closeAll();
            throw e;
        }
        try {
            wiring.connect(() -> QuorumLocks.needed(client), connectTimeout());
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
        if (members % 2 == 0) {
            LOG.warn("{} nodes tolerate no more failures than {} would", members, members - 1);
        }
        return client;
    }

    private QuorumLocks.Nodes nodes(Wiring wiring, EventSink events, boolean asksForFsync) {
        Connecting within = Connecting.within(connectTimeout());
        return nodes.in(wiring, events, asksForFsync ? within.askingForFsync() : within);
    }

    private LockSettings settings() {
        LockSettings settings =
                settings(LockSettings.DEFAULT.nodeTimeout(), new LockSettings.Recovery(durableDisks, formatBlankNodes));
        return thrifty ? settings.thriftily() : settings;
    }
}
