package dev.fencepost.chaos.work;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.fencepost.FencepostException;
import dev.fencepost.LockClient;
import dev.fencepost.chaos.history.Recorder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * A process that runs workloads until it is told to stop, and writes down what it did.
 *
 * <p>The first line of its input is {@link WorkerSettings}. It says {@link #READY}, and then obeys, line by line: {@code arm <point>}, {@code disarm}, {@code
 * go}, {@code set <milliseconds>} for the time of day, {@code weigh}, {@code stop}, after which it says {@link #STOPPED}. It ends with its input.
 */
public final class ChaosWorker {
    /** Said when the workloads are about to begin. */
    public static final String READY = "ready";

    /** Said when the last workload has ended. */
    public static final String STOPPED = "stopped";

    /** Said, before the name of the point, when a thread has come to an armed point. */
    public static final String AT = Points.AT;

    /** Leases of the queue are extended until they are so many times as old as they were to become at first. */
    private static final int EXTENDED_TIMES = 2;

    private static final long REST_NANOS = 5_000_000;

    private final WorkerSettings settings;
    private final Points points = new Points();
    private final Ballots ballots;
    private final WallClock clock = new WallClock();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    private ChaosWorker(WorkerSettings settings) {
        this.settings = settings;
        this.ballots = new Ballots(settings.nodes().size());
    }

    /** Runs until the end of the input. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        new ChaosWorker(WorkerSettings.parse(input.readLine())).run(input);
    }

    private void run(BufferedReader input) throws IOException, InterruptedException {
        try (Recorder recorder = new Recorder(settings.identity().file());
                HikariDataSource pool = pool();
                LockClient fixed = client(Optional.empty());
                LockClient extending = client(Optional.of(settings.lease().multipliedBy(EXTENDED_TIMES)))) {
            Workload.Storing store = store(Jdbi.create(pool), recorder);
            Random seeds = new Random(settings.identity().seed());
            for (String name : settings.workloads()) {
                boolean extended = name.equals("queue");
                Leases leases = new Leases(
                        extended ? extending : fixed,
                        new Leases.Context(settings.identity().name(), settings.lease(), !extended, ballots, recorder));
                Workload workload = Workload.named(
                        name, new Workload.Tools(settings, leases, store, points, new Random(seeds.nextLong())));
                threads.add(new Thread(() -> repeat(workload), name));
            }
            System.out.println(READY);
            threads.forEach(Thread::start);
            obey(input, recorder);
        }
    }

    private void obey(BufferedReader input, Recorder recorder) throws IOException, InterruptedException {
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            List<String> words = List.of(line.split(" "));
            switch (words.get(0)) {
                case "arm" -> points.arm(Point.valueOf(words.get(1)));
                case "disarm" -> points.disarm();
                case "go" -> points.go();
                case "set" -> clock.set(Long.parseLong(words.get(1)));
                case "weigh" ->
                    recorder.observation(Scales.weigh(settings.identity().name()));
                case "stop" -> stop();
                default -> throw new IllegalArgumentException("a worker does not know how to " + line);
            }
        }
    }

    private void stop() throws InterruptedException {
        stopping = true;
        points.disarm();
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(STOPPED);
    }

    private void repeat(Workload workload) {
        while (!stopping) {
            try {
                workload.cycle();
            } catch (FencepostException | JdbiException e) {
                // Nodes are down, or the database is: what this trial is about. The next cycle may be luckier.
                LockSupport.parkNanos(REST_NANOS);
            } catch (RuntimeException | Error e) {
                e.printStackTrace();
                System.exit(1);
            }
        }
    }

    private LockClient client(Optional<Duration> extendedUpTo) {
        WorkerSettings.Identity identity = settings.identity();
        return settings.variant()
                .locks(
                        new Clients(settings, extendedUpTo),
                        new Variant.Surroundings(identity.observed(), identity.seed(), ballots, points, clock));
    }

    private Workload.Storing store(Jdbi jdbi, Recorder recorder) {
        String prefix = settings.identity().file().getFileName().toString().replaceAll("\\.jsonl$|[^a-z0-9-]", "");
        Guarding guarding = settings.variant().guarding(jdbi);
        return new Workload.Storing(
                jdbi, guarding, new Writes(prefix, settings.variant().guards(), recorder), recorder);
    }

    private HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(settings.database().url());
        config.setUsername(settings.database().user());
        config.addDataSourceProperty("socketTimeout", "10");
        config.addDataSourceProperty("connectTimeout", "3");
        config.setMaximumPoolSize(settings.workloads().size());
        config.setConnectionTimeout(3_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }
}
