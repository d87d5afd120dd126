package dev.fencepost.bench;

import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.report.Part;
import dev.fencepost.bench.report.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * The guard against getting slower: for each figure of the targets table a bound, wider than the target, beyond which something must have got worse and not just been
 * disturbed.
 */
final class Bounds {
    private static final String FILE = "bounds.properties";

    private final Properties bounds;

    private Bounds(Properties bounds) {
        this.bounds = bounds;
    }

    /** The bounds that are kept with the code. */
    static Bounds load() {
        Properties bounds = new Properties();
        try (InputStream in = Bounds.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not on the class path");
            }
            bounds.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE, e);
        }
        return of(bounds);
    }

    static Bounds of(Properties bounds) {
        return new Bounds(bounds);
    }

    /** What is beyond its bound, or has none, in words; empty if all is well. */
    List<String> exceededBy(List<Row> rows) {
        List<String> exceeded = new ArrayList<>();
        for (Row row : rows) {
            for (Part part : row.parts()) {
                String bound = bounds.getProperty(part.id());
                if (bound == null) {
                    exceeded.add(part.id() + " has no bound in " + FILE);
                } else if (!new Part.Goal(Double.parseDouble(bound), part.goal().atLeast())
                        .isMetBy(part.measured().median())) {
                    exceeded.add(part.id() + " (" + part.what() + ") is "
                            + Spread.show(part.measured().median()) + ", and its bound is " + bound);
                }
            }
        }
        return exceeded;
    }
}
