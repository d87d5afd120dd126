package dev.fencepost.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the model checker TLC on a configuration in {@code docs/spec}, in a process of its own: TLC keeps static state and cannot be run twice in
 * one. The JVM is told to start fast, since most runs are over in a second. TLC searches breadth first with one worker, so that the same run always finds the same shortest counterexample.
 */
final class Tlc {
    private static final Path SPECIFICATIONS =
            Path.of("..", "docs", "spec").toAbsolutePath().normalize();
    private static final Path OUTPUT = Path.of("target", "tlc").toAbsolutePath();
    private static final Pattern STATES = Pattern.compile(
            "(?m)^[\\d,]+ states generated, ([\\d,]+) distinct states found, ([\\d,]+) states left on queue");
    private static final Pattern VIOLATED =
            Pattern.compile("(?m)^Error: (?:Invariant|Action property) (\\w+) is violated");
    private static final int SUCCESS = 0;
    private static final int SAFETY_VIOLATED = 12;

    private Tlc() {}

    /**
     * What TLC found.
     *
     * @param violated the invariant that does not hold, if one does not
     * @param distinctStates how many states were searched, up to symmetry
     */
    record Verdict(Optional<String> violated, long distinctStates) {}

    /** The names of all configurations, without their extension. */
    static List<String> configurations() {
        try (var files = Files.list(SPECIFICATIONS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".cfg"))
                    .map(name -> name.substring(0, name.length() - ".cfg".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Checks a module in a configuration, to the end or to the first violation.
     *
     * @throws AssertionError if TLC could not decide: it failed, did not end in time, or did not search everything
     */
    static Verdict check(String module, String configuration, Duration limit) {
        try {
            Path metadata = Files.createDirectories(OUTPUT.resolve(configuration));
            Path log = OUTPUT.resolve(configuration + ".out");
            Process process = new ProcessBuilder(command(module, configuration, metadata))
                    .directory(SPECIFICATIONS.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("TLC has not ended " + configuration + " within " + limit + "; see " + log);
            }
            return verdict(process.exitValue(), Files.readString(log), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while TLC checked " + configuration, e);
        }
    }

    private static List<String> command(String module, String configuration, Path metadata) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx2g",
                "-cp",
                jar().toString(),
                "tlc2.TLC",
                "-deadlock",
                "-workers",
                "1",
                "-metadir",
                metadata.toString(),
                "-config",
                configuration + ".cfg",
                module + ".tla");
    }

    private static Path jar() {
        try {
            return Path.of(tlc2.TLC
                    .class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError("the jar of TLC has no usable path", e);
        }
    }

    private static Verdict verdict(int exit, String output, Path log) {
        Matcher states = STATES.matcher(output);
        Matcher violated = VIOLATED.matcher(output);
        if (!states.find()) {
            throw new AssertionError("TLC failed with exit code " + exit + "; see " + log);
        }
        long distinct = number(states.group(1));
        if (exit == SUCCESS && number(states.group(2)) == 0) {
            return new Verdict(Optional.empty(), distinct);
        }
        if (exit == SAFETY_VIOLATED && violated.find()) {
            return new Verdict(Optional.of(violated.group(1)), distinct);
        }
        throw new AssertionError("TLC came to no verdict, exit code " + exit + "; see " + log);
    }

    private static long number(String digits) {
        return Long.parseLong(digits.replace(",", ""));
    }
}
