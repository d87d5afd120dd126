package dev.fencepost.chaos.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What workers have recorded so far.
 *
 * @param leases the last that is known of each
 * @param writes the last that is known of each
 * @param observations everything else
 */
public record Recordings(List<LeaseFact> leases, List<WriteFact> writes, List<Observation> observations) {
    /** Reads all files of a directory. What a killed process has not written to its end is left out: it was told to nobody. */
    public static Recordings read(Path directory) {
        Map<Holder, LeaseFact> leases = new LinkedHashMap<>();
        Map<String, WriteFact> writes = new LinkedHashMap<>();
        List<Observation> observations = new ArrayList<>();
        for (Path file : files(directory)) {
            forEachWholeLine(file, line -> {
                Fields fields = Fields.parse(line);
                switch (fields.text("fact")) {
                    case Lines.LEASE -> put(leases, Lines.lease(fields));
                    case Lines.WRITE -> put(writes, Lines.write(fields));
                    default -> observations.add(Lines.observation(fields));
                }
            });
        }
        return new Recordings(List.copyOf(leases.values()), List.copyOf(writes.values()), observations);
    }

    private static void put(Map<Holder, LeaseFact> leases, LeaseFact lease) {
        leases.put(lease.holder(), lease);
    }

    private static void put(Map<String, WriteFact> writes, WriteFact write) {
        writes.put(write.id(), write);
    }

    private static Collection<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be read", e);
        }
    }

    /** One after the other: all of them together are several times as large as what is kept of them. */
    private static void forEachWholeLine(Path file, Consumer<String> work) {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            StringBuilder line = new StringBuilder();
            for (int next = reader.read(); next >= 0; next = reader.read()) {
                if (next == '\n') {
                    work.accept(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) next);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be read: " + file, e);
        }
    }
}
