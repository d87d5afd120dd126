package dev.fencepost.redis;

import dev.fencepost.LockEvent;
import dev.fencepost.LockListener;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Turns the events of a lock client into Micrometer meters. Give it to {@link RedisLocksBuilder#listener(dev.fencepost.LockListener)}. Needs {@code
 * io.micrometer:micrometer-core}, which this library does not bring.
 *
 * <p>The names, units and tags are in {@code docs/operations.md}, and stay as they are. No meter has the name of a resource for a tag, since there is no end to those; a function
 * may map each to one of a few groups.
 *
 * <p>Not counted: events that were dropped because listeners were too slow; see {@link LockListener}. Safe for use by many threads and by several clients.
 */
public final class LockMetrics implements LockListener {
    private static final String PREFIX = "fencepost.lock.";
    private static final String GROUP = "group";
    private static final String NODE = "node";

    private final MeterRegistry registry;
    private final UnaryOperator<String> groups;
    private final Set<String> nodesOut = ConcurrentHashMap.newKeySet();
    /** Since the set of nodes was changed last; empty if it was not. */
    private volatile List<String> members = List.of();

    private LockMetrics(MeterRegistry registry, UnaryOperator<String> groups) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.groups = Objects.requireNonNull(groups, "groups");
        Gauge.builder(PREFIX + "nodes.out", nodesOut, Set::size)
                .description("Nodes that were in use and are out of use now")
                .register(registry);
    }

    /**
     * Metrics in which all resources are one group, {@code all}.
     *
     * @param registry where the meters are
     * @return a listener for one or more clients
     */
    public static LockMetrics in(MeterRegistry registry) {
        return in(registry, resource -> "all");
    }

    /**
     * Metrics by groups of resources.
     *
     * @param registry where the meters are
     * @param groups names the group of a resource; there should be few groups, since each makes meters of its own
     * @return a listener for one or more clients
     */
    public static LockMetrics in(MeterRegistry registry, UnaryOperator<String> groups) {
        return new LockMetrics(registry, groups);
    }

    @Override
    public void on(LockEvent event) {
        if (event instanceof LockEvent.Attempted attempted) {
            attempted(attempted);
        } else if (event instanceof LockEvent.Acquired acquired) {
            acquired(acquired);
        } else if (event instanceof LockEvent.Extended extended) {
            registry.counter(PREFIX + "extended", GROUP, group(extended.token().resource()))
                    .increment();
        } else if (event instanceof LockEvent.Released released) {
            held(released.token().resource(), "released", released.heldFor());
        } else if (event instanceof LockEvent.Lost lost) {
            held(lost.token().resource(), "lost", lost.heldFor());
        } else if (event instanceof LockEvent.NodeForgotten forgotten) {
            registry.counter(PREFIX + "node.forgotten", NODE, forgotten.node()).increment();
        } else if (event instanceof LockEvent.NodeRejoined rejoined) {
            Timer.builder(PREFIX + "node.rejoined")
                    .description("Nodes that had forgotten, from when that was found to when they took part again")
                    .tag(NODE, rejoined.node())
                    .tag("quarantined", rejoined.quarantined() ? "yes" : "no")
                    .register(registry)
                    .record(rejoined.after());
        } else if (event instanceof LockEvent.NodesChanged changed) {
            members = changed.members();
            nodesOut.retainAll(members);
        } else if (event instanceof LockEvent.NodeUnreachable out) {
            if (members.isEmpty() || members.contains(out.node())) {
                nodesOut.add(out.node());
            }
        } else if (event instanceof LockEvent.NodeBack back && nodesOut.remove(back.node())) {
            Timer.builder(PREFIX + "node.outage")
                    .description("How long a node was out of use")
                    .tag(NODE, back.node())
                    .register(registry)
                    .record(back.after());
        }
    }

    private void attempted(LockEvent.Attempted attempted) {
        String group = group(attempted.resource());
        Timer.builder(PREFIX + "attempt")
                .description("Attempts, from the first request to the decision")
                .tag(GROUP, group)
                .tag("result", attempted.result().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .record(attempted.took());
        long answered = attempted.votes().stream()
                .filter(vote -> vote.latency().isPresent())
                .count();
        summary("nodes.answered", "nodes", "Nodes that had answered when an attempt was decided", group)
                .record((double) answered);
        for (LockEvent.NodeVote vote : attempted.votes()) {
            vote.latency()
                    .ifPresent(latency -> Timer.builder(PREFIX + "node.latency")
                            .description("Replies of a node that came before the decision")
                            .tag(NODE, vote.node())
                            .register(registry)
                            .record(latency));
            if (vote.vote() == LockEvent.Vote.SILENT) {
                registry.counter(PREFIX + "node.silent", NODE, vote.node()).increment();
            }
        }
    }

    private void acquired(LockEvent.Acquired acquired) {
        String group = group(acquired.token().resource());
        Timer.builder(PREFIX + "acquire")
                .description("Acquisitions that succeeded, from the call to the lease")
                .tag(GROUP, group)
                .register(registry)
                .record(acquired.waited());
        boolean tookOver = acquired.roundTrips() == 0;
        summary("retries", "attempts", "Attempts that failed before the lease", group)
                .record(acquired.attempts() - (tookOver ? 0.0 : 1.0));
        summary(
                        "round.trips",
                        "round trips",
                        "Round trips of the attempt that succeeded, 0 for what was taken over",
                        group)
                .record(acquired.roundTrips());
    }

    private void held(String resource, String end, Duration heldFor) {
        Timer.builder(PREFIX + "held")
                .description("Leases, from the first request for them to their end")
                .tag(GROUP, group(resource))
                .tag("end", end)
                .register(registry)
                .record(heldFor);
    }

    private DistributionSummary summary(String name, String unit, String description, String group) {
        return DistributionSummary.builder(PREFIX + name)
                .baseUnit(unit)
                .description(description)
                .tag(GROUP, group)
                .register(registry);
    }

    private String group(String resource) {
        return groups.apply(resource);
    }
}
