package dev.fencepost.redis.internal;

import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.Scheduler;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import org.redisson.client.RedisClient;
import org.redisson.client.RedisClientConfig;
import org.redisson.config.SslVerificationMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the nodes of one client share: two threads for input and output, one of which does what is due later, Redisson's timer, and two for the application's callbacks. Their number depends neither on how many nodes there
 * are nor on how many threads call.
 */
public final class Wiring {
    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
    private static final int IO_THREADS = 2;
    private static final int CALLBACK_THREADS = 2;
    private static final int PING_INTERVAL_MILLIS = 5_000;
    private static final int SETTLING_MILLIS = 250;
    private static final int CLOSING_MILLIS = 1_000;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            IO_THREADS, new DefaultThreadFactory("fencepost-io", true), NioIoHandler.newFactory());
    private final HashedWheelTimer timer = new HashedWheelTimer(new DefaultThreadFactory("fencepost-ping", true));
    /**
     * Nearly all that is due later is taken back before. A thread of its own would be woken for each, only to look at its queue; this one looks there
     * anyway when the requests go out that come with it.
     */
    private final EventLoop later = group.next();

    private final ThreadPoolExecutor own = new ThreadPoolExecutor(
            CALLBACK_THREADS,
            CALLBACK_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("fencepost-callback", true));
    /** Where a client of the application may block that connects only now; none of its threads stays. */
    private final ExecutorService dialing = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            1,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            new DefaultThreadFactory("fencepost-dial", true));

    private final Executor executor;
    private final UnaryOperator<Session> through;
    private final List<Link> links = new ArrayList<>();
    private final List<LockNode> nodes = new ArrayList<>();
    private final List<Probe> probes = new ArrayList<>();
    /** Names of nodes by the run_id of the process that answered there last. */
    private final Map<String, String> processes = new ConcurrentHashMap<>();

    /** Completed with what is wrong when two addresses turn out to be of one process. */
    private final CompletableFuture<String> twice = new CompletableFuture<>();

    /** Prepares what is shared; the application's executor is used where there is one, and otherwise two threads that end when idle. */
    public Wiring(Optional<Executor> executor) {
        this(executor, UnaryOperator.identity());
    }

    /** The same, where something stands between our own connections and what uses them. */
    Wiring(Optional<Executor> executor, UnaryOperator<Session> through) {
        own.allowCoreThreadTimeOut(true);
        this.executor = executor.orElse(own);
        this.through = through;
    }

    /** Prepares the nodes, in the order of the addresses, and connects to none. Closing them closes their connections. */
    public List<LockNode> nodes(List<NodeAddress> addresses, Keys keys, Connecting connecting, EventSink events) {
        for (NodeAddress address : addresses) {
            RedisClient client = RedisClient.create(config(address, connecting));
            Link link = link(address.name(), new DirectDialer(client, through), events);
            probes.add(new Probe(address.name(), keys, link));
            nodes.add(new RedisNode(
                    address.name(),
                    keys,
                    link,
                    new ReleaseChannel(address.name(), client),
                    new RedisMembership(keys, link, connecting.asksForFsync())));
        }
        return nodes;
    }

    /** Prepares nodes over clients that the application owns, in their order. Closing them closes no client. */
    public List<LockNode> nodes(List<OwnedClient> clients, Keys keys, boolean asksForFsync, EventSink events) {
        for (OwnedClient owned : clients) {
            Link link = link(owned.name(), new PooledDialer(owned.client(), dialing), events);
            probes.add(new Probe(owned.name(), keys, link));
            Releases releases = new TopicReleases(owned.name(), owned.client());
            nodes.add(new OrderedNode(
                    new RedisNode(owned.name(), keys, link, releases, new RedisMembership(keys, link, asksForFsync))));
        }
        return nodes;
    }

    private Link link(String name, Link.Dialer dialer, EventSink events) {
        Link link = new Link(name, dialer, scheduler(), runId -> requireOther(runId, name), events);
        links.add(link);
        return link;
    }

    /** Ask the same nodes, in the same order, what they have of a resource. */
    public List<Probe> probes() {
        return probes;
    }

    /** Where the application's own code runs. */
    public Executor executor() {
        return executor;
    }

    /** Runs short work later, on one thread. */
    public Scheduler scheduler() {
        return (delay, work) -> {
            Future<?> task = later.schedule(work, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
            return () -> task.cancel(false);
        };
    }

    /**
     * Connects to all nodes and waits until so many of them can be used, and a moment more for the rest to show what they are; whatever is not there by then goes on
     * being tried.
     *
     * @throws QuorumUnavailableException if they cannot within the time
     * @throws IllegalArgumentException if two addresses turned out to be of one server process
     */
    public void connect(int needed, Duration timeout) {
        connect(() -> needed, timeout);
    }

    /** The same where it may turn out only then how many are needed. */
    public void connect(IntSupplier needed, Duration timeout) {
        CompletableFuture<Void> enough = new CompletableFuture<>();
        for (Link link : links) {
            link.ready().thenRun(() -> {
                if (nodes.size() - down().size() >= needed.getAsInt()) {
                    enough.complete(null);
                }
            });
            link.connect();
        }
        var unused = twice.thenRun(() -> enough.complete(null));
        enough.completeOnTimeout(null, timeout.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        // A lock that is taken at once had better be on all of them: a minority may be lost next.
        CompletableFuture.allOf(links.stream().map(Link::usedOrAway).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, SETTLING_MILLIS, TimeUnit.MILLISECONDS)
                .join();
        String complaint = twice.getNow("");
        if (!complaint.isEmpty()) {
            throw new IllegalArgumentException(complaint);
        }
        // As they are now: some may have become ready at the last moment.
        Map<String, String> down = down();
        int up = nodes.size() - down.size();
        if (up < needed.getAsInt()) {
            throw new QuorumUnavailableException(
                    "only " + up + " of " + nodes.size() + " nodes could be used within " + timeout.toMillis()
                            + " ms, and " + needed.getAsInt() + " are needed",
                    down);
        }
    }

    /** Connects to all nodes and waits until each could be looked at or could not. */
    public void reach(Duration timeout) {
        links.forEach(Link::connect);
        CompletableFuture.allOf(links.stream().map(Link::tried).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, timeout.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** Closes the nodes, and frees what they share. */
    public void closeAll() {
        nodes.forEach(LockNode::close);
        close();
    }

    /** Frees what the nodes share, after the nodes, which are closed by now. Waits for the threads to end, but not for long. */
    public void close() {
        own.shutdown();
        dialing.shutdownNow();
        CompletableFuture.allOf(links.stream()
                        .map(link -> link.closed().toCompletableFuture())
                        .toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, CLOSING_MILLIS, TimeUnit.MILLISECONDS)
                .join();
        timer.stop();
        group.shutdownGracefully(0, CLOSING_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSING_MILLIS);
    }

    private Map<String, String> down() {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (int i = 0; i < links.size(); i++) {
            Footing footing = links.get(i).footing();
            if (!footing.inUse()) {
                reasons.put(nodes.get(i).name(), footing.whyNot());
            }
        }
        return reasons;
    }

    private void requireOther(String runId, String name) {
        processes.values().removeIf(name::equals);
        String other = processes.putIfAbsent(runId, name);
        if (other != null) {
            String complaint = name + " is the same server process as " + other
                    + "; one process with two votes is no quorum, so remove one of the addresses";
            if (twice.complete(complaint)) {
                // Once, and also where it shows so late that connecting has long succeeded: the node is refused from
                // then on.
                LOG.error(complaint);
            }
            throw new IllegalArgumentException(complaint);
        }
    }

    private RedisClientConfig config(NodeAddress address, Connecting connecting) {
        int timeoutMillis = Math.toIntExact(connecting.timeout().toMillis());
        RedisClientConfig config = new RedisClientConfig();
        config.setAddress(address.location())
                .setNettyHook(new NoRevival())
                .setGroup(group)
                .setExecutor(group)
                .setTimer(timer)
                .setResolverGroup(DefaultAddressResolverGroup.INSTANCE)
                .setConnectTimeout(timeoutMillis)
                .setCommandTimeout(timeoutMillis)
                .setPingConnectionInterval(PING_INTERVAL_MILLIS)
                .setKeepAlive(true)
                .setTcpNoDelay(true);
        if (!address.username().isEmpty()) {
            config.setUsername(address.username());
        }
        if (!address.password().isEmpty()) {
            config.setPassword(address.password());
        }
        if (address.tls()) {
            // The host's name is checked by default; here it is said once more, since everything rests on it.
            config.setSslVerificationMode(SslVerificationMode.STRICT);
            connecting.trusted().ifPresent(config::setSslTrustManagerFactory);
        }
        return config;
    }
}
