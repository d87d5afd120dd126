package dev.fencepost.examples.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.fencepost.servers.RedisServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Compares ways to talk to five local nodes: pairs of acquire and release a second, on resources that nobody else wants.
 *
 * <p>The ways take turns, round after round, so that whatever else the machine does meets all of them. Figures to compare are the medians of the
 * ratios within a round. Takes the directory for {@code transport.json} as its argument.
 */
public final class TransportComparison {
    private static final int NODES = 5;
    private static final int ROUNDS = 5;
    private static final List<Integer> THREADS = List.of(1, 16);
    private static final Duration WARM_UP = Duration.ofMillis(1_500);
    private static final Duration ROUND = Duration.ofMillis(1_500);

    private final List<Way> ways;
    private final Map<Integer, List<Round>> rounds = new LinkedHashMap<>();

    /** Pairs a second of each way, in their order. */
    private record Round(List<Double> rates) {}

    private TransportComparison(List<Way> ways) {
        this.ways = ways;
    }

    /** Measures, prints a table and writes a file. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments.length == 0 ? "target/report" : arguments[0]);
        try (RedisServers servers = RedisServers.start(NODES)) {
            List<String> nodes = List.of(servers.uris());
            try (Way redLock = new RedLockWay(nodes);
                    Way script = new ScriptWay(nodes);
                    Way fencepost = new FencepostWay(nodes)) {
                TransportComparison comparison = new TransportComparison(List.of(redLock, script, fencepost));
                comparison.run();
                comparison.print();
                comparison.write(directory.resolve("transport.json"));
            }
        }
    }

    private void run() {
        for (int threads : THREADS) {
            ways.forEach(way -> Rate.measure(way, threads, WARM_UP));
            List<Round> measured = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                measured.add(new Round(ways.stream()
                        .map(way -> Rate.measure(way, threads, ROUND))
                        .toList()));
            }
            rounds.put(threads, measured);
        }
    }

    private void print() {
        System.out.printf("%nacquire + release, pairs a second over %d nodes, medians of %d rounds%n%n", NODES, ROUNDS);
        System.out.printf("%-40s%12s%12s%14s%14s%n", "", "1 thread", "16 threads", "x, 1 thread", "x, 16 threads");
        for (int way = 0; way < ways.size(); way++) {
            System.out.printf(
                    Locale.ROOT,
                    "%-40s%,12.0f%,12.0f%14.2f%14.2f%n",
                    ways.get(way).title(),
                    rate(1, way),
                    rate(16, way),
                    ratio(1, way),
                    ratio(16, way));
        }
        System.out.printf(
                "%nx: against %s, median of the ratios within a round%n",
                ways.get(0).title());
    }

    private void write(Path file) throws IOException {
        List<Map<String, Object>> measured = new ArrayList<>();
        for (int way = 0; way < ways.size(); way++) {
            for (int threads : THREADS) {
                int index = way;
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("way", ways.get(way).title());
                row.put("threads", threads);
                row.put("pairsPerSecond", Math.round(rate(threads, way)));
                row.put("ratioToFirst", Math.round(100 * ratio(threads, way)) / 100.0);
                row.put(
                        "rounds",
                        rounds.getOrDefault(threads, List.of()).stream()
                                .map(round -> Math.round(round.rates().get(index)))
                                .toList());
                measured.add(row);
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("nodes", NODES);
        json.put("secondsPerRound", ROUND.toMillis() / 1e3);
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("measured", measured);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(json) + "\n");
    }

    private double rate(int threads, int way) {
        return median(threads, round -> round.rates().get(way));
    }

    private double ratio(int threads, int way) {
        return median(threads, round -> round.rates().get(way) / round.rates().get(0));
    }

    private double median(int threads, ToDoubleFunction<Round> value) {
        double[] sorted = rounds.getOrDefault(threads, List.of()).stream()
                .mapToDouble(value)
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }
}
