package dev.fencepost.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Signals to processes of this machine. */
public final class Processes {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Processes() {}

    /** Stops a process where it is (SIGSTOP), and returns when it has stopped. */
    public static void pause(ProcessHandle process) {
        signal("STOP", List.of(process.pid()));
        awaitStopped(process.pid());
    }

    /** Lets a stopped process go on (SIGCONT). */
    public static void resume(ProcessHandle process) {
        signal("CONT", List.of(process.pid()));
    }

    /** Sends a signal by its name without "SIG". The shell's own {@code kill} is there even in the smallest image. */
    static void signal(String name, List<Long> pids) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$@\"", "sh", name));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        String output = run(command);
        if (!output.isEmpty()) {
            throw new ServerException("could not send SIG" + name + " to " + pids + ": " + output);
        }
    }

    /** Runs a short command and returns what it printed, whatever its exit code. */
    static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException("could not run " + command, e);
        } catch (InterruptedException e) {
            throw interrupted(command.get(0));
        }
    }

    /** Waits for the end of a process that is going to end. */
    static void awaitEnd(Process process, Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ServerException("process " + process.pid() + " did not end within " + patience);
            }
        } catch (InterruptedException e) {
            throw interrupted("process " + process.pid());
        }
    }

    static ServerException interrupted(String what) {
        Thread.currentThread().interrupt();
        return new ServerException("interrupted while waiting for " + what);
    }

    /** A signal is delivered some time after it was sent; Linux shows when, elsewhere sending has to be enough. */
    private static void awaitStopped(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (Files.exists(stat) && !isStopped(stat)) {
            if (System.nanoTime() - deadline > 0) {
                throw new ServerException("process " + pid + " did not stop within " + PATIENCE);
            }
            Thread.onSpinWait();
        }
    }

    private static boolean isStopped(Path stat) {
        try {
            String line = Files.readString(stat);
            return line.startsWith("T", line.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new UncheckedIOException("the process ended while it was being stopped: " + stat, e);
        }
    }
}
