package dev.fencepost.chaos;

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

    /** What is measured. */
    enum Gauge {
        /** File descriptors of the worker. */
        DESCRIPTORS("file descriptors of worker 0"),
        /** Threads of the worker. */
        THREADS("threads of worker 0"),
        /** Resident memory of the worker. */
        MEMORY("memory of worker 0, MiB"),
        /** Keys, on the node that has most. */
        KEYS("keys on a node"),
        /** Connections, to the node that has most. */
        CONNECTIONS("connections of a node"),
        /** Memory, of the node that uses most. */
        NODE_MEMORY("memory of a node, KiB");

        private final String title;

        Gauge(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /**
     * One reading.
     *
     * @param at when
     * @param value what
     */
    record Reading(long at, long value) {}

    private final Member member;
    private final List<RedisServer> nodes;
    private final Map<Gauge, List<Reading>> readings = new EnumMap<>(Gauge.class);
    private volatile boolean closed;
    private volatile @Nullable RuntimeException failure;

    /** Begins to measure. */
    Gauges(Member member, List<RedisServer> nodes) {
        this.member = member;
        this.nodes = nodes;
        Thread thread = new Thread(this::measure, "gauges");
        thread.setDaemon(true);
        thread.start();
    }

    /** What was measured so far. */
    Map<Gauge, List<Reading>> readings() {
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

    private void measure() {
        try {
            while (!closed) {
                member.pid().ifPresent(this::measureWorker);
                measureNodes();
                LockSupport.parkNanos(PERIOD);
            }
        } catch (RuntimeException e) {
            failure = e;
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

    @Override
    public void close() {
        closed = true;
    }
}
