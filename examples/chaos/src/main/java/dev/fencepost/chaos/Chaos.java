package dev.fencepost.chaos;

import dev.fencepost.chaos.work.Variant;
import dev.fencepost.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The run: the product under faults, in several trials, and between them the controls that lack one protection each.
 *
 * <p>Takes the directory for the report, how many seconds it may take, and the seed. The exit code is 0 if nothing was violated and every control
 * was.
 */
public final class Chaos {
    private final Path directory;
    private final Duration length;
    private final long seed;

    private Chaos(Path directory, Duration length, long seed) {
        this.directory = directory;
        this.length = length;
        this.seed = seed;
    }

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException {
        long seed = Long.parseLong(arguments[2]);
        Chaos chaos = new Chaos(
                Path.of(arguments[0]),
                Duration.ofSeconds(Long.parseLong(arguments[1])),
                seed == 0 ? System.currentTimeMillis() % 1_000_000 : seed);
        if (!chaos.run()) {
            System.exit(1);
        }
    }

    private boolean run() throws IOException {
        System.out.println("chaos: seed " + seed + ", " + length.toSeconds() + " s");
        long begun = System.nanoTime();
        Random seeds = new Random(seed);
        List<Outcome> outcomes = new ArrayList<>();
        try (PostgresServer postgres = PostgresServer.start()) {
            for (TrialSpec spec : Plan.of(length)) {
                Outcome outcome = Trial.run(spec, seeds.nextLong(), postgres, directory);
                outcomes.add(outcome);
                tell(outcome);
            }
        }
        Report report =
                new Report(new Report.Settings(seed, length), Duration.ofNanos(System.nanoTime() - begun), outcomes);
        report.write(directory);
        System.out.println("chaos: " + report.conclusion());
        System.out.println("chaos: the same as a page: " + directory.resolve(Report.HTML));
        return report.ok();
    }

    private static void tell(Outcome outcome) {
        System.out.printf(
                "chaos: %s: %d locks, %d writes, %d faults, %d violations%n",
                outcome.spec().name(),
                outcome.counts().locks(),
                outcome.counts().writes(),
                outcome.counts().faults().size(),
                outcome.verdict().violations());
        if (outcome.spec().variant() == Variant.PRODUCT) {
            outcome.verdict()
                    .findings()
                    .forEach(found -> found.told()
                            .forEach(line -> System.out.println(
                                    "chaos: VIOLATION of " + found.invariant().title() + ": " + line)));
        }
    }
}
