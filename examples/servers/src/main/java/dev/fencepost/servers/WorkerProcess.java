package dev.fencepost.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A JVM of its own with this JVM's class path: a client that can be stopped and killed as only a process can.
 *
 * <p>It speaks in lines on its standard output and is spoken to in lines on its standard input. Its standard error goes
 * into a file, whose end is part of every failure. It never outlives this JVM. Safe for use by several threads.
 */
public final class WorkerProcess implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(10);
    private static final int TAIL = 4_000;

    private final String name;
    private final Path errors;
    private final Process process;
    private final Writer input;
    private final List<String> lines = new ArrayList<>();
    private int unread;
    private boolean ended;

    private WorkerProcess(String name, Path errors, Process process) {
        this.name = name;
        this.errors = errors;
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        Guardian.watch(process.pid());
        Thread reader = new Thread(this::read, "output of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts the main method of a class. A small heap and the quick compiler alone: a worker lives for seconds. */
    public static WorkerProcess start(String name, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        try {
            Path errors = Files.createTempFile("fencepost-" + name + "-", ".err");
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            return new WorkerProcess(name, errors, process);
        } catch (IOException e) {
            throw new UncheckedIOException("could not start worker " + name, e);
        }
    }

    /** What it was named at its start. */
    public String name() {
        return name;
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended; a paused worker is running, too. */
    public boolean isRunning() {
        return process.isAlive();
    }

    /** Writes one line to its standard input. */
    public void send(String line) {
        try {
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            throw new ServerException("worker " + name + " does not take \"" + line + "\"" + errors(), e);
        }
    }

    /**
     * Waits for the next line that is wanted, and passes over those before it.
     *
     * @throws ServerException when it does not come in time, or the worker ends before
     */
    public String awaitLine(Predicate<String> wanted, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        Optional<String> found = next(wanted, deadline);
        return found.orElseThrow(() -> new ServerException("worker " + name + " did not say what was awaited within "
                + patience + "; it said " + lines() + errors()));
    }

    private synchronized Optional<String> next(Predicate<String> wanted, long deadline) {
        try {
            while (true) {
                while (unread < lines.size()) {
                    String line = lines.get(unread++);
                    if (wanted.test(line)) {
                        return Optional.of(line);
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (ended || left <= 0) {
                    return Optional.empty();
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            throw Processes.interrupted("worker " + name);
        }
    }

    /** Everything that it has said so far. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** Stops it where it is (SIGSTOP); returns when it has stopped. */
    public void pause() {
        Processes.pause(process.toHandle());
    }

    /** Lets it go on (SIGCONT). */
    public void resume() {
        Processes.resume(process.toHandle());
    }

    /** Ends it at once (SIGKILL). */
    public void kill() {
        process.destroyForcibly();
        Processes.awaitEnd(process, END);
        Guardian.forget(process.pid());
    }

    /**
     * Waits until it ends by itself.
     *
     * @return its exit code
     * @throws ServerException when it has not ended in time
     */
    public int awaitExit(Duration patience) {
        try {
            Processes.awaitEnd(process, patience);
        } catch (ServerException e) {
            throw new ServerException("worker " + name + " goes on" + errors(), e);
        }
        Guardian.forget(process.pid());
        return process.exitValue();
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        kill();
        try {
            Files.deleteIfExists(errors);
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + errors, e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                add(line);
            }
        } catch (IOException killedWhileReading) {
            // The same as the end of its output: a killed worker says no more.
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    private String errors() {
        try {
            String all = Files.readString(errors);
            return "; its standard error ends with:\n" + all.substring(Math.max(0, all.length() - TAIL));
        } catch (IOException e) {
            return "; its standard error cannot be read: " + e;
        }
    }
}
