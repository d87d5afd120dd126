package dev.fencepost.bench;

import com.hazelcast.core.Hazelcast;
import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.report.Part;
import dev.fencepost.bench.report.Question;
import dev.fencepost.bench.report.Report;
import dev.fencepost.bench.report.Row;
import dev.fencepost.servers.PostgresServer;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import io.etcd.jetcd.Client;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import net.javacrumbs.shedlock.core.LockConfiguration;
import org.apache.curator.framework.CuratorFramework;
import org.jdbi.v3.core.Jdbi;
import org.redisson.Redisson;

/**
 * Measures, writes a report, and fails when a figure is beyond its bound. Takes the directory for the report, the form, {@code short} or {@code full}, and what to measure, {@code all}, {@code
 * guard}, {@code noticing} that nodes have forgotten, what is {@code held}, locks that are {@code free}, or one that is {@code contended}.
 */
public final class Bench {
    private static final int NODES = 5;
    private static final String ALL = "all";
    private static final String GUARD = "guard";
    private static final String NOTICING = "noticing";
    private static final String HELD = "held";
    private static final String FREE = "free";
    private static final String CONTENDED = "contended";
    private static final List<String> PARTS = List.of(ALL, GUARD, NOTICING, HELD, FREE, CONTENDED);
    /** One class of each library whose version matters: its jar bears the version in its name. */
    private static final List<Class<?>> LIBRARIES = List.of(
            Redisson.class,
            RedisClient.class,
            LockConfiguration.class,
            CuratorFramework.class,
            Client.class,
            Hazelcast.class,
            Jdbi.class);

    private final Effort effort;
    private final Report report;
    private final long startNanos = System.nanoTime();

    private Bench(Effort effort) {
        this.effort = effort;
        this.report = new Report(
                effort.name(), List.of("mvn -q -Pbench verify", "mvn -q -Pbench -Dfencepost.bench=full verify"));
    }

    /** Measures all. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3 || !PARTS.contains(arguments[2])) {
            throw new IllegalArgumentException(
                    "usage: Bench <directory of the report> short|full " + String.join("|", PARTS));
        }
        Bench bench = new Bench(Effort.named(arguments[1]));
        switch (arguments[2]) {
            case GUARD -> bench.measureGuard();
            case NOTICING -> bench.measureNoticing();
            case HELD -> bench.measureHeld();
            case FREE -> bench.measureFree();
            case CONTENDED -> bench.measureContended();
            default -> bench.measure();
        }
        bench.report.took(Duration.ofNanos(System.nanoTime() - bench.startNanos));
        bench.report.write(Path.of(arguments[0]));
        bench.print();
        List<String> exceeded = Bounds.load().exceededBy(bench.report.rows());
        if (!exceeded.isEmpty()) {
            exceeded.forEach(one -> System.err.println("beyond its bound: " + one));
            System.exit(1);
        }
    }

    private void measureGuard() {
        try (PostgresServer postgres = PostgresServer.start()) {
            version(postgres);
            ask(new Guarding(effort, postgres)::writes);
        }
    }

    private void measureNoticing() {
        try (RedisServers servers = RedisServers.start(NODES)) {
            version(servers.node(0));
            ask(new Noticing(effort, List.of(servers.uris()))::cost);
        }
    }

    private void measureHeld() {
        try (RedisServers servers = RedisServers.start(NODES)) {
            version(servers.node(0));
            ask(new Held(effort, servers)::leases);
        }
    }

    private void measureFree() {
        try (RedisServers servers = RedisServers.start(NODES)) {
            version(servers.node(0));
            askOfFree(servers);
        }
    }

    private void askOfFree(RedisServers servers) {
        Uncontended uncontended = new Uncontended(effort, List.of(servers.uris()));
        ask(uncontended::latency);
        ask(uncontended::throughput);
        ask(new Profile(effort, servers)::processorTime);
    }

    private void measureContended() {
        try (RedisServers servers = RedisServers.start(NODES)) {
            version(servers.node(0));
            ask(new Contended(effort, List.of(servers.uris()))::handOvers);
        }
    }

    private void measure() {
        try (RedisServers servers = RedisServers.start(NODES);
                PostgresServer postgres = PostgresServer.start()) {
            versions(servers.node(0), postgres);
            List<String> nodes = List.of(servers.uris());
            askOfFree(servers);
            ask(new Noticing(effort, nodes)::cost);
            ask(new Contended(effort, nodes)::handOvers);
            ask(new Failing(effort)::trouble);
            ask(new Held(effort, servers)::leases);
            ask(new Guarding(effort, postgres)::writes);
            ask(new Resources(effort)::memory);
            ask(new Scaling(effort)::curves);
            ask(new InProcess(effort)::costs);
            ask(new StartUp(nodes)::start);
            ask(new Peers(effort, nodes, postgres)::compare);
        }
    }

    private void versions(RedisServer node, PostgresServer postgres) {
        version(node);
        version(postgres);
        for (Class<?> library : LIBRARIES) {
            String jar =
                    library.getProtectionDomain().getCodeSource().getLocation().getPath();
            report.version(library.getSimpleName(), jar.substring(jar.lastIndexOf('/') + 1));
        }
    }

    private void version(RedisServer node) {
        String info = node.command("INFO", "server");
        report.version("Redis", info.replaceAll("(?s).*redis_version:([^\\r\\n]*).*", "$1"));
    }

    private void version(PostgresServer postgres) {
        try (Connection connection = postgres.dataSource().getConnection()) {
            report.version("PostgreSQL", connection.getMetaData().getDatabaseProductVersion());
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL does not tell its version", e);
        }
    }

    private void ask(Supplier<Question> question) {
        long start = System.nanoTime();
        Question answered = question.get();
        report.add(answered);
        System.out.printf("%s (%s s)%n", answered.title(), Spread.show((System.nanoTime() - start) / 1e9));
    }

    private void print() {
        System.out.println();
        for (Row row : report.rows()) {
            for (Part part : row.parts()) {
                System.out.printf(
                        "%-7s %-32s %-60s %s, target %s%n",
                        part.isMet() ? "met" : "MISSED", part.measured(), part.what(), part.id(), part.goal());
            }
        }
    }
}
