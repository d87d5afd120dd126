package dev.fencepost.chaos.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes what a process did into a file of its own, a line for each fact, at once: what was written survives the process. A later line about the
 * same lease or write replaces an earlier one. Safe for use by many threads.
 */
public final class Recorder implements AutoCloseable {
    private final Writer file;

    /** Makes the file, or goes on with it. */
    public Recorder(Path path) {
        try {
            file = Files.newBufferedWriter(
                    path, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be written to " + path, e);
        }
    }

    /** An acquisition, or what became of it. */
    public void lease(LeaseFact fact) {
        write(Lines.of(fact));
    }

    /** The intention to write, or what became of it. */
    public void write(WriteFact fact) {
        write(Lines.of(fact));
    }

    /** Something beside. */
    public void observation(Observation fact) {
        write(Lines.of(fact));
    }

    private synchronized void write(Fields fields) {
        try {
            file.write(fields.toLine());
            file.write('\n');
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be written", e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be closed", e);
        }
    }
}
