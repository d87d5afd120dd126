package dev.fencepost.examples.inspect;

import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.examples.story.Narrator;
import dev.fencepost.examples.story.Table;
import dev.fencepost.redis.ClusterReport;
import dev.fencepost.redis.NodeReport;
import dev.fencepost.redis.RedisInspector;
import dev.fencepost.redis.ResourceReport;
import dev.fencepost.redis.UnusedReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Prints how the nodes are, what they have of a resource, and what is odd. Changes nothing on them, unless it is told to have unused counters go away, or to change which nodes make the cluster. */
public final class Inspect {
    private static final int NOTHING_ODD = 0;
    private static final int ODD = 1;
    private static final int MISUNDERSTOOD = 2;
    private static final String NOTHING = "-";
    private static final Duration LONGEST_FORGETTING = Duration.ofHours(1);

    private final PrintStream out;
    private final Narrator narrator;

    private Inspect(PrintStream out) {
        this.out = out;
        this.narrator = new Narrator(out);
    }

    /** Looks and prints; see {@link Request#USAGE}. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out));
    }

    static int run(List<String> arguments, PrintStream out) {
        RedisInspector inspector;
        Request request;
        try {
            request = Request.of(arguments);
            if (request.forget().isPresent()) {
                return new Inspect(out)
                        .show(request.nodes().forgetUnused(request.forget().get(), LONGEST_FORGETTING));
            }
            inspector = request.nodes().inspector();
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            out.println(Request.USAGE);
            return MISUNDERSTOOD;
        }
        try (inspector) {
            if (request.changesNodes()) {
                request.nodes().changeNodes();
                out.println("The nodes of the cluster are those of the addresses now.");
            }
            return new Inspect(out).show(inspector, request.resource());
        } catch (QuorumUnavailableException | IllegalStateException | IllegalArgumentException e) {
            out.println(e.getMessage());
            return ODD;
        }
    }

    private int show(RedisInspector inspector, Optional<String> resource) {
        List<String> odd = new ArrayList<>();
        if (resource.isPresent()) {
            ResourceReport report = inspector.inspect(resource.get());
            show(report.cluster());
            show(report);
            odd.addAll(report.cluster().odd());
            odd.addAll(report.odd());
        } else {
            ClusterReport report = inspector.inspect();
            show(report);
            odd.addAll(report.odd());
        }
        out.println(odd.isEmpty() ? "Nothing is odd." : "What is odd:");
        odd.forEach(one -> out.println("  - " + one));
        return odd.isEmpty() ? NOTHING_ODD : ODD;
    }

    private int show(UnusedReport report) {
        narrator.print(new Table(
                "Counters that go away if they stay unused",
                List.of("node", "counters", "newly marked", "unfinished"),
                report.nodes().stream()
                        .map(node -> List.of(
                                node.node(),
                                Long.toString(node.counters()),
                                Long.toString(node.marked()),
                                node.unfinished().isEmpty() ? NOTHING : node.unfinished()))
                        .toList()));
        return report.isComplete() ? NOTHING_ODD : ODD;
    }

    private void show(ClusterReport report) {
        narrator.print(new Table(
                "The nodes, " + report.quorum() + " of which are needed",
                List.of("node", "state", "view", "mark", "floor", "run_id", "redis", "persistence", "eviction"),
                report.nodes().stream().map(Inspect::row).toList()));
        out.println();
    }

    private void show(ResourceReport report) {
        List<List<String>> rows = new ArrayList<>();
        for (ResourceReport.Copy copy : report.copies()) {
            rows.add(List.of(
                    copy.node(),
                    copy.lock().map(Inspect::holder).orElse(NOTHING),
                    copy.lock()
                            .map(lock -> lock.remaining().map(Inspect::seconds).orElse("for ever"))
                            .orElse(NOTHING),
                    copy.problem().isEmpty() ? number(copy.counter()) : "?"));
        }
        String held = report.heldFor()
                .map(left -> "held for " + seconds(left) + " more")
                .orElse("not seen to be held");
        narrator.print(new Table(
                "'" + report.resource() + "' is " + held, List.of("node", "lock of", "ends in", "counter"), rows));
        out.println();
    }

    private static List<String> row(NodeReport node) {
        String left = node.quarantineLeft().isZero() ? "" : " for " + seconds(node.quarantineLeft()) + " more";
        return List.of(
                node.node(),
                node.state() + left,
                node.progress().map(far -> Long.toString(far.view())).orElse(NOTHING),
                node.progress().map(far -> Long.toString(far.mark())).orElse(NOTHING),
                node.progress().map(far -> Long.toString(far.floor())).orElse(NOTHING),
                node.server().map(NodeReport.Server::runId).orElse(NOTHING),
                node.server().map(NodeReport.Server::version).orElse(NOTHING),
                node.server().map(server -> verdict(server.persistence())).orElse(NOTHING),
                node.server().map(server -> verdict(server.eviction())).orElse(NOTHING));
    }

    private static String verdict(NodeReport.Verdict verdict) {
        return verdict.good() ? "good" : "SEE BELOW";
    }

    private static String holder(ResourceReport.Lock lock) {
        return lock.holder() + (lock.counts() ? "" : ", does not count");
    }

    private static String number(OptionalLong counter) {
        return counter.isPresent() ? Long.toString(counter.getAsLong()) : NOTHING;
    }

    private static String seconds(Duration time) {
        return time.toSeconds() + "." + time.toMillisPart() / 100 + " s";
    }
}
