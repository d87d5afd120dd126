package dev.fencepost.chaos;

import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.Reading;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.ServerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What could leak, over time: of the worker that is never killed, and of the nodes. */
final class Gauges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gauges.class);
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(1_000);
    private static final long KIB = 1_024;

    /** A full collection takes a few hundredths of a second. */
    private static final int WEIGHED_ONE_IN = 2;

    private final Member member;
    private final List<RedisServer> nodes;
    private final Map<Gauge, List<Reading>> readings = new EnumMap<>(Gauge.class);
    private final List<Thread> threads = new ArrayList<>();
    private int rounds;
    private volatile boolean closed;
    private volatile @Nullable RuntimeException failure;

    /** Begins to measure. */
    Gauges(Member member, List<RedisServer> nodes) {
        this.member = member;
        this.nodes = nodes;
        run("gauges of the worker", this::measureAndWeighWorker);
        // On a thread of its own: a node that is stopped answers late.
        run("gauges of nodes", this::measureNodes);
    }

    /** What was measured so far, with what the worker has written down of itself. */
    Map<Gauge, List<Reading>> readings(List<Observation> recorded) {
        Map<Gauge, List<Reading>> all = readings();
        List<Reading> live = recorded.stream()
                .filter(Observation.Live.class::isInstance)
                .map(Observation.Live.class::cast)
                .filter(seen -> seen.worker().equals(member.name()))
                .map(Observation.Live::reading)
                .toList();
        if (!live.isEmpty()) {
            all.put(Gauge.LIVE, live);
        }
        return all;
    }

    /** The same as what the checks look at: a gauge that was never read, too. */
    static List<Observation> observations(Map<Gauge, List<Reading>> readings) {
        List<Observation> gauged = new ArrayList<>();
        for (Gauge gauge : Gauge.values()) {
            gauged.add(
                    new Observation.Gauged(gauge.title(), gauge.allowance(), readings.getOrDefault(gauge, List.of())));
        }
        return gauged;
    }

    private Map<Gauge, List<Reading>> readings() {
        RuntimeException failed = failure;
        if (failed != null) {
            throw new IllegalStateException("nobody measures any more", failed);
        }
        synchronized (readings) {
            Map<Gauge, List<Reading>> copy = new EnumMap<>(Gauge.class);
            readings.forEach((gauge, all) -> copy.put(gauge, List.copyOf(all)));
            return copy;
        }
    }

    private void run(String name, Runnable measuring) {
        Thread thread = new Thread(() -> repeat(measuring), name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void repeat(Runnable measuring) {
        try {
            while (!closed) {
                measuring.run();
                LockSupport.parkNanos(PERIOD);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void measureAndWeighWorker() {
        member.pid().ifPresent(this::measureWorker);
        if (rounds++ % WEIGHED_ONE_IN == 0) {
            weighWorker();
        }
    }

    private void measureWorker(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            long open = descriptors.count();
            List<String> status = Files.readAllLines(process.resolve("status"));
            add(Gauge.DESCRIPTORS, open);
            add(Gauge.THREADS, field(status, "Threads:"));
            add(Gauge.MEMORY, field(status, "VmRSS:") / KIB);
        } catch (NoSuchFileException ended) {
            LOG.debug("the worker ended while it was measured", ended);
        } catch (IOException e) {
            throw new UncheckedIOException("worker cannot be measured", e);
        }
    }

    /** It writes down itself what it finds: a worker that is stopped answers nobody. */
    private void weighWorker() {
        try {
            member.weigh();
        } catch (ServerException ended) {
            LOG.debug("the worker ended, which is noticed where it matters", ended);
        }
    }

    /** Nodes that are down or stopped are left out; the largest value is what a leak would show in. */
    private void measureNodes() {
        long keys = 0;
        long connections = 0;
        long memory = 0;
        for (RedisServer node : nodes) {
            try {
                keys = Math.max(keys, Long.parseLong(node.command("DBSIZE")));
                List<String> info =
                        new ArrayList<>(node.command("INFO", "clients").lines().toList());
                info.addAll(node.command("INFO", "memory").lines().toList());
                connections = Math.max(connections, field(info, "connected_clients:"));
                memory = Math.max(memory, field(info, "used_memory:") / KIB);
            } catch (ServerException e) {
                LOG.debug("the node is down or stopped, and left out", e);
            }
        }
        if (memory > 0) {
            add(Gauge.KEYS, keys);
            add(Gauge.CONNECTIONS, connections);
            add(Gauge.NODE_MEMORY, memory);
        }
    }

    private void add(Gauge gauge, long value) {
        synchronized (readings) {
            readings.computeIfAbsent(gauge, fresh -> new ArrayList<>()).add(new Reading(System.nanoTime(), value));
        }
    }

    private static long field(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(
                        line.substring(name.length()).replace("kB", "").strip()))
                .findFirst()
                .orElse(0);
    }

    /** Nothing is measured any more when this returns, and so what is measured may end. */
    void stop() {
        closed = true;
        threads.forEach(LockSupport::unpark);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
