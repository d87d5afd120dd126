package dev.fencepost.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One process after another in one directory, with the log of all of them beside the data. */
final class ServerProcess {
    /** A database that recovers from a crash writes all of its files to a disk that others may be using. */
    private static final Duration START = Duration.ofSeconds(90);

    private static final Duration END = Duration.ofSeconds(10);
    private static final int TAIL = 4_000;
    private static final Set<ServerProcess> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(ServerProcess::close), "close-servers"));
    }

    private final String name;
    private final Path directory;
    private final Path data;
    private final Path log;
    private @Nullable Process process;
    private long logStart;

    ServerProcess(String name) {
        this.name = name;
        try {
            directory = Files.createTempDirectory("fencepost-" + name + "-");
            data = Files.createDirectory(directory.resolve("data"));
            log = Files.createFile(directory.resolve("server.log"));
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory for " + name, e);
        }
        OPEN.add(this);
    }

    /** The data's directory and the log are in it, and nothing else. */
    Path directory() {
        return directory;
    }

    Path data() {
        return data;
    }

    /** Runs a command that prepares the data, to its end. */
    void run(List<String> command) {
        start(command);
        Process preparing = Objects.requireNonNull(process);
        Processes.awaitEnd(preparing, START);
        Guardian.forget(preparing.pid());
        if (preparing.exitValue() != 0) {
            throw new ServerException(command + " ended with exit code " + preparing.exitValue() + logTail());
        }
    }

    /** Starts the process. It need not be ready when this returns. */
    void start(List<String> command) {
        start(command, Map.of());
    }

    /** Starts the process with something in its environment besides that of this JVM. */
    void start(List<String> command, Map<String, String> environment) {
        try {
            logStart = Files.size(log);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(data.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            Process started = builder.start();
            Guardian.watch(started.pid());
            process = started;
            started.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException("could not start " + command, e);
        }
    }

    /** Waits until the server says that it is ready, and fails as soon as its process has ended. */
    void awaitReady(BooleanSupplier ready) {
        Process started = process;
        if (started == null) {
            throw new IllegalStateException(name + " was not started");
        }
        long deadline = System.nanoTime() + START.toNanos();
        try {
            while (!ready.getAsBoolean()) {
                if (started.waitFor(5, TimeUnit.MILLISECONDS)) {
                    throw new ServerException(name + " ended with exit code " + started.exitValue() + logTail());
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new ServerException(name + " was not ready within " + START + logTail());
                }
            }
        } catch (InterruptedException e) {
            throw Processes.interrupted("the start of " + name);
        }
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    OptionalLong pid() {
        return process != null && process.isAlive() ? OptionalLong.of(process.pid()) : OptionalLong.empty();
    }

    /** Sends a signal that lets the server end in its own way, and waits for the end. */
    void stop(String signal) {
        Process running = running("stop");
        Processes.signal(signal, List.of(running.pid()));
        Processes.awaitEnd(running, END);
        Guardian.forget(running.pid());
    }

    /** Stops the process first, so that it starts no further children, and then the children. */
    void pause() {
        Process running = running("pause");
        Processes.pause(running.toHandle());
        running.descendants().forEach(Processes::pause);
    }

    void resume() {
        Process running = running("resume");
        List<Long> pids =
                new ArrayList<>(running.descendants().map(ProcessHandle::pid).toList());
        pids.add(running.pid());
        Processes.signal("CONT", pids);
    }

    void kill() {
        Process running = process;
        if (running == null || !running.isAlive()) {
            return;
        }
        List<ProcessHandle> children = List.of();
        if (running.descendants().findAny().isPresent()) {
            Processes.pause(running.toHandle());
            children = running.descendants().toList();
        }
        running.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        Processes.awaitEnd(running, END);
        Guardian.forget(running.pid());
    }

    /** What this start has logged, the end of it. */
    String logTail() {
        try {
            byte[] all = Files.readAllBytes(log);
            int from = (int) Math.max(logStart, all.length - TAIL);
            String tail = new String(all, from, all.length - from, StandardCharsets.UTF_8);
            return "; its log ends with:\n" + tail;
        } catch (IOException e) {
            return "; its log cannot be read: " + e;
        }
    }

    /** Deletes the data and keeps the log. */
    void wipe() {
        if (isRunning()) {
            throw new IllegalStateException(name + " is running: kill it before its data is deleted");
        }
        try {
            Directories.clear(data);
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + data, e);
        }
    }

    synchronized void close() {
        kill();
        OPEN.remove(this);
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + directory, e);
        }
    }

    private Process running(String verb) {
        Process running = process;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException("cannot " + verb + " " + name + ": it is not running");
        }
        return running;
    }
}
