package dev.fencepost.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.fencepost.bench.measure.Load;
import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.report.Bars;
import dev.fencepost.bench.report.Question;
import dev.fencepost.bench.ways.FanOut;
import dev.fencepost.bench.ways.FencepostWay;
import dev.fencepost.bench.ways.RedissonWay;
import dev.fencepost.bench.ways.Way;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where the time goes: what the client and what the nodes spend on one lock, and how many commands a node gets. On a busy machine this is steadier than any rate. */
final class Profile {
    private static final Pattern CALLS = Pattern.compile("cmdstat_eval(?:sha)?:calls=(\\d+)");
    private static final int WARM_UPS = 2;

    private final Effort effort;
    private final RedisServers servers;

    Profile(Effort effort, RedisServers servers) {
        this.effort = effort;
        this.servers = servers;
    }

    Question processorTime() {
        Question question = new Question(
                "Where does the time go?",
                "Processor time of the client's process and of all nodes together for one pair of acquire and release, and how many scripts"
                        + " the first node runs for it. With as many processors as this machine has, no more pairs a second are"
                        + " possible than their number divided by the sum.");
        if (servers.nodes().stream().anyMatch(node -> node.pid().isEmpty())) {
            return question.note("not measured: the nodes are no processes of this machine");
        }
        List<String> nodes = List.of(servers.uris());
        try (Way fencepost = new FencepostWay(nodes);
                Way thrifty = FencepostWay.thrifty(nodes);
                Way floor = FanOut.lowLevel(nodes);
                Way fenced = RedissonWay.fenced(nodes.get(0));
                Way redLock = RedissonWay.redLock(nodes)) {
            for (int threads : List.of(1, 16)) {
                Bars bars = new Bars(
                        "Processor time for a pair, " + threads + (threads == 1 ? " thread" : " threads"), "us");
                for (Way way : List.of(fencepost, thrifty, floor, fenced, redLock)) {
                    measure(question, bars, way, threads);
                }
                question.chart(bars.svg());
            }
        }
        return question;
    }

    private void measure(Question question, Bars bars, Way way, int threads) {
        Load.rate(threads, effort.slice().multipliedBy(WARM_UPS), way::acquireAndRelease);
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        double clientBefore = system.getProcessCpuTime();
        double nodesBefore = nodesNanos();
        long callsBefore = calls(servers.node(0));
        long start = System.nanoTime();
        double rate = Load.rate(threads, effort.slice().multipliedBy(2), way::acquireAndRelease);
        double pairs = rate * (System.nanoTime() - start) / 1e9;
        double client = (system.getProcessCpuTime() - clientBefore) / pairs / 1e3;
        double all = (nodesNanos() - nodesBefore) / pairs / 1e3;
        String of = way.title() + ", " + threads + (threads == 1 ? " thread" : " threads");
        question.figure(of + ": client", Spread.of(client), "us");
        question.figure(of + ": nodes", Spread.of(all), "us");
        question.figure(
                of + ": scripts run by the first node", Spread.of((calls(servers.node(0)) - callsBefore) / pairs), "");
        bars.bar("client: " + way.title(), Spread.of(client));
        bars.bar("nodes: " + way.title(), Spread.of(all));
    }

    private double nodesNanos() {
        return servers.nodes().stream()
                .map(node -> ProcessHandle.of(node.pid().orElseThrow()))
                .flatMap(Optional::stream)
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .mapToLong(Duration::toNanos)
                .sum();
    }

    private static long calls(RedisServer node) {
        return CALLS.matcher(node.command("INFO", "commandstats"))
                .results()
                .mapToLong(calls -> Long.parseLong(calls.group(1)))
                .sum();
    }
}
