package dev.fencepost.redis;

import dev.fencepost.FencingToken;
import dev.fencepost.redis.internal.Probe;
import dev.fencepost.redis.internal.Wiring;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.NodeReply.Seen;
import dev.fencepost.spi.QuorumLocks;
import dev.fencepost.spi.QuorumLocks.Standing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Shows how the nodes are, and what they have of a resource, for people who have to find out what is the matter. Works whatever state the nodes are in, needs no quorum, and changes nothing on them.
 *
 * <p>Get one from {@link RedisLocksBuilder#inspector()}, with the settings of the clients. It keeps a connection to each node until it is closed; a node that was down is connected to in the background, so that a later look finds
 * it. Safe for use by many threads.
 */
public final class RedisInspector implements AutoCloseable {
    private final Wiring wiring;
    private final QuorumLocks.Nodes nodes;
    private final List<Probe> probes;
    private final LockSettings settings;

    RedisInspector(Wiring wiring, QuorumLocks.Nodes nodes, List<Probe> probes, LockSettings settings) {
        this.wiring = wiring;
        this.nodes = nodes;
        this.probes = List.copyOf(probes);
        this.settings = settings;
    }

    /**
     * Looks at each node. Waits for none longer than the node timeout.
     *
     * @return how they were found
     */
    public ClusterReport inspect() {
        return report(look());
    }

    /**
     * Looks at each node, and at what it has of a resource. Waits for none longer than twice the node timeout.
     *
     * @param resource the name of what is locked
     * @return what was found
     * @throws IllegalArgumentException if there can be no resource of that name
     */
    public ResourceReport inspect(String resource) {
        FencingToken.requireResource(resource);
        Map<String, CompletableFuture<Probe.Sighting>> asked = new LinkedHashMap<>();
        List<Standing> standings = look();
        for (Probe probe : probes) {
            asked.put(probe.name(), probe.ask(resource, settings.nodeTimeout()));
        }
        ResourceFindings findings = new ResourceFindings(resource, report(standings));
        for (Standing standing : standings) {
            String memory = standing.seen()
                    .flatMap(Seen::marker)
                    .filter(marker -> standing.state() == Standing.State.READY)
                    .map(Probe::memory)
                    .orElse("");
            CompletableFuture<Probe.Sighting> sighting = asked.get(standing.node());
            if (sighting == null) {
                throw new IllegalStateException("node " + standing.node() + " was not asked");
            }
            findings.add(standing.node(), memory, sighting.join());
        }
        return findings.report();
    }

    /** Closes the connections. Later looks find no node reachable. */
    @Override
    public void close() {
        wiring.closeAll();
    }

    UnusedReport mark(UnusedCounters unused) {
        return unused.mark(probes, look(), settings.nodeTimeout());
    }

    private List<Standing> look() {
        return QuorumLocks.look(nodes, settings, Environment.of(wiring.scheduler(), wiring.executor()));
    }

    private ClusterReport report(List<Standing> standings) {
        return ClusterReport.of(standings.stream().map(RedisInspector::report).toList());
    }

    private static NodeReport report(Standing standing) {
        return new NodeReport(
                standing.node(),
                standing.state(),
                standing.why(),
                standing.left(),
                standing.seen()
                        .flatMap(Seen::marker)
                        .map(marker -> new NodeReport.Progress(
                                marker.numbers().view(),
                                marker.numbers().mark(),
                                marker.numbers().floor())),
                standing.seen()
                        .map(seen -> NodeReport.Server.of(
                                Probe.runId(seen.process()), seen.condition().facts())));
    }
}
