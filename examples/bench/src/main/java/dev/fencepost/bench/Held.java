package dev.fencepost.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.report.Curves;
import dev.fencepost.bench.report.Part;
import dev.fencepost.bench.report.Question;
import dev.fencepost.bench.report.Row;
import dev.fencepost.redis.RedisLocks;
import dev.fencepost.servers.RedisServers;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What it costs to hold leases with automatic extension, threads, processor time, memory, and requests to nodes; and the memory of those who wait for one. */
final class Held {
    private static final int MOST = 10_000;
    private static final int AT_ONCE = 128;
    private static final String WAITED_FOR = "held/waited-for";
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Pattern CALLS = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");

    private final Effort effort;
    private final RedisServers servers;

    /** What showed while so many leases were held. */
    private record Shown(int leases, int threads, double processor, double commands, double bytes) {}

    Held(Effort effort, RedisServers servers) {
        this.effort = effort;
        this.servers = servers;
    }

    Question leases() {
        Duration lease = effort.isFull() ? Duration.ofSeconds(30) : Duration.ofSeconds(6);
        Question question = new Question(
                "What does it cost to hold many leases, and to wait for one?",
                "So many leases of " + lease.toSeconds()
                        + " s, each extended when a third of it has passed, looked at for one such period after all are there."
                        + " Requests are counted by the nodes. And so many asynchronous acquisitions of one resource that another client holds.");
        List<Shown> all = new ArrayList<>();
        for (int leases : List.of(1, 100, MOST)) {
            all.add(hold(leases, lease));
        }
        // Both have used as many threads for callbacks as there are.
        Shown few = all.get(1);
        Shown many = all.get(all.size() - 1);
        for (Shown shown : all) {
            String of = shown.leases() + " leases: ";
            question.figure(of + "threads of this process", Spread.of(shown.threads()), "");
            question.figure(of + "processor", Spread.of(shown.processor()), "of one");
            question.figure(of + "requests a lease, node and period", Spread.of(shown.commands()), "");
        }
        question.figure("heap for each of " + many.leases() + " leases", Spread.of(many.bytes()), "bytes");
        question.figure("heap for each of " + MOST + " that wait for one resource", waiting(lease), "bytes");
        question.chart(new Curves("Requests a lease, node and period", "requests", "leases held")
                .line(
                        "Fencepost",
                        all.stream()
                                .map(shown -> new Curves.Point(shown.leases(), Spread.of(shown.commands())))
                                .toList())
                .svg());
        question.chart(new Curves("Processor time of the client", "of one processor", "leases held")
                .line(
                        "Fencepost",
                        all.stream()
                                .map(shown -> new Curves.Point(shown.leases(), Spread.of(shown.processor())))
                                .toList())
                .svg());
        return question.row(Row.of(
                "10,000 leases held by one process with automatic extension",
                Part.atMost(
                        "held.threads",
                        "threads more than with 100 leases",
                        Spread.of(Math.max(0, many.threads() - few.threads())),
                        0),
                Part.atMost("held.commands", "requests a lease, node and period", Spread.of(many.commands()), 0.1),
                Part.atMost("held.processor", "of one processor", Spread.of(many.processor()), 0.25)));
    }

    private Shown hold(int leases, Duration lease) {
        Duration period = lease.dividedBy(3);
        try (LockClient locks = connect(lease)) {
            long heapBefore = heap();
            List<Lease> held = acquire(locks, leases);
            long heapAfter = heap();
            servers.nodes().forEach(node -> node.command("CONFIG", "RESETSTAT"));
            OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long processorBefore = system.getProcessCpuTime();
            long start = System.nanoTime();
            pause(start + period.toNanos());
            double nanos = System.nanoTime() - start;
            double processor = (system.getProcessCpuTime() - processorBefore) / nanos;
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            double commands = servers.nodes().stream()
                            .mapToLong(node -> calls(node.command("INFO", "commandstats")))
                            .sum()
                    / (double) servers.nodes().size()
                    / leases
                    / (nanos / period.toNanos());
            long lost = held.stream().filter(one -> !one.isHeld()).count();
            if (lost > 0) {
                throw new IllegalStateException(lost + " of " + leases + " leases were lost");
            }
            return new Shown(leases, threads, processor, commands, (heapAfter - heapBefore) / (double) leases);
        }
    }

    /** Beyond the first, for whom all others wait, so that it is about the others alone. */
    private Spread waiting(Duration lease) {
        try (LockClient holder = connect(lease);
                Lease held = holder.acquire(WAITED_FOR, LONGEST_WAIT);
                LockClient locks = connect(lease)) {
            List<CompletableFuture<Lease>> waiters = new ArrayList<>(MOST);
            CompletableFuture<Lease> first = waitFor(locks);
            long before = heap();
            for (int i = 0; i < MOST; i++) {
                waiters.add(waitFor(locks));
            }
            double bytes = (heap() - before) / (double) MOST;
            if (!held.isHeld() || first.isDone() || waiters.stream().anyMatch(CompletableFuture::isDone)) {
                throw new IllegalStateException("all were to wait for " + held + ", and some do not");
            }
            return Spread.of(bytes);
        }
    }

    private static CompletableFuture<Lease> waitFor(LockClient locks) {
        return locks.acquireAsync(WAITED_FOR, LONGEST_WAIT).toCompletableFuture();
    }

    private LockClient connect(Duration lease) {
        return RedisLocks.builder()
                .addresses(servers.uris())
                .lease(lease)
                .autoExtend()
                .formatBlankNodes()
                .connect();
    }

    private static List<Lease> acquire(LockClient locks, int leases) {
        List<Lease> held = new ArrayList<>();
        Deque<CompletableFuture<Optional<Lease>>> underWay = new ArrayDeque<>();
        for (int i = 0; i < leases || !underWay.isEmpty(); i++) {
            if (i < leases) {
                underWay.add(locks.tryAcquireAsync("held/" + leases + "/" + i).toCompletableFuture());
            }
            if (i >= leases || underWay.size() >= AT_ONCE) {
                held.add(underWay.remove()
                        .join()
                        .orElseThrow(() -> new IllegalStateException("was to be free, and is held")));
            }
        }
        return held;
    }

    private static long calls(String commandStatistics) {
        Matcher calls = CALLS.matcher(commandStatistics);
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void pause(long untilNanos) {
        for (long left = untilNanos - System.nanoTime(); left > 0; left = untilNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
