package dev.fencepost.redis;

import dev.fencepost.redis.internal.Probe;
import dev.fencepost.spi.NodeReply.Seen;
import dev.fencepost.spi.QuorumLocks.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Marks counters on one node after the other, a bounded number in each request, until the time is over. */
final class UnusedCounters {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final Duration unusedFor;
    private final long endNanos;

    /** Begins now. */
    UnusedCounters(Duration unusedFor, Duration atMost) {
        if (unusedFor.compareTo(SHORTEST) < 0 || unusedFor.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "unusedFor must be from 1 ms to " + LONGEST.toDays() + " days, but is " + unusedFor);
        }
        if (atMost.isNegative() || atMost.isZero() || atMost.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "atMost must be more than nothing and at most " + LONGEST.toDays() + " days, but is " + atMost);
        }
        this.unusedFor = unusedFor;
        this.endNanos = System.nanoTime() + atMost.toNanos();
    }

    UnusedReport mark(List<Probe> probes, List<Standing> standings, Duration timeout) {
        List<UnusedReport.Node> nodes = new ArrayList<>();
        for (Standing standing : standings) {
            Probe probe = probes.stream()
                    .filter(one -> one.name().equals(standing.node()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("there is no node " + standing.node()));
            nodes.add(
                    standing.state() == Standing.State.READY
                            ? mark(probe, standing.seen().map(Seen::process).orElse(""), timeout)
                            : new UnusedReport.Node(
                                    standing.node(), 0, 0, "it is " + standing.state() + ": " + standing.why()));
        }
        return new UnusedReport(nodes);
    }

    private UnusedReport.Node mark(Probe probe, String process, Duration timeout) {
        Probe.Swept all = Probe.Swept.BEGIN;
        do {
            if (System.nanoTime() - endNanos >= 0) {
                return new UnusedReport.Node(probe.name(), all.counters(), all.marked(), "the time was over");
            }
            all = all.and(
                    probe.forget(all.cursor(), unusedFor, process, timeout).join());
        } while (all.problem().isEmpty() && !all.isEnd());
        return new UnusedReport.Node(probe.name(), all.counters(), all.marked(), all.problem());
    }
}
