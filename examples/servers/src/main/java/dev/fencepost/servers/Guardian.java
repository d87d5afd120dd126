package dev.fencepost.servers;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that no child outlives this JVM, even one that is killed and runs no shutdown hook.
 *
 * <p>A shell holds the other end of a pipe. It is told which processes live; when the pipe closes, because this JVM is
 * gone, it kills those. SIGKILL also ends a process that is stopped.
 */
final class Guardian {
    private static final String SCRIPT =
            "trap '' INT TERM HUP; pids=; while read -r line; do pids=$line; done; [ -z \"$pids\" ] || kill -9 $pids";

    private static final Set<Long> WATCHED = new TreeSet<>();
    private static @Nullable Writer pipe;

    private Guardian() {}

    static synchronized void watch(long pid) {
        WATCHED.add(pid);
        tell();
    }

    static synchronized void forget(long pid) {
        WATCHED.remove(pid);
        tell();
    }

    private static void tell() {
        String line = WATCHED.stream().map(String::valueOf).collect(Collectors.joining(" ", "", "\n"));
        try {
            Writer open = pipe;
            if (open == null) {
                open = new ProcessBuilder("sh", "-c", SCRIPT)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .outputWriter(StandardCharsets.UTF_8);
                pipe = open;
            }
            open.write(line);
            open.flush();
        } catch (IOException e) {
            throw new ServerException("the guardian of the child processes is gone", e);
        }
    }
}
