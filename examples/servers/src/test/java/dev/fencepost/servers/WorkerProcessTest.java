package dev.fencepost.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkerProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Answers each line, and ends with its input. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] arguments) throws IOException {
            System.out.println("ready " + arguments[0]);
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (line.equals("fail")) {
                    throw new IllegalStateException("as it was told");
                }
                System.out.println("echo " + line);
            }
        }
    }

    /** Starts a server and waits to be killed: what it leaves behind is what its test looks at. */
    static final class Orphaning {
        private Orphaning() {}

        public static void main(String[] arguments) throws IOException {
            RedisServers redis = RedisServers.start(1);
            System.out.println(redis.node(0).command("CONFIG", "GET", "dir"));
            redis.node(0).pause();
            System.out.println("pid " + redis.node(0).pid().getAsLong());
            System.in.read();
        }
    }

    @Test
    void linesGoBothWays() {
        try (WorkerProcess worker = WorkerProcess.start("echo", Echo.class, "now")) {
            assertThat(worker.awaitLine(line -> line.startsWith("ready"), PATIENCE))
                    .isEqualTo("ready now");
            worker.send("one");
            worker.send("two");

            assertThat(worker.awaitLine(line -> line.endsWith("two"), PATIENCE)).isEqualTo("echo two");
            assertThat(worker.lines()).containsExactly("ready now", "echo one", "echo two");
        }
    }

    @Test
    void pausedWorkerSaysNothingUntilItIsResumed() {
        try (WorkerProcess worker = WorkerProcess.start("echo", Echo.class, "now")) {
            worker.awaitLine(line -> line.startsWith("ready"), PATIENCE);
            worker.pause();
            worker.send("one");
            assertThatThrownBy(() -> worker.awaitLine(line -> true, Duration.ofMillis(200)))
                    .isInstanceOf(ServerException.class);

            worker.resume();

            assertThat(worker.awaitLine(line -> true, PATIENCE)).isEqualTo("echo one");
        }
    }

    @Test
    void failureOfAWorkerShowsItsStackTrace() {
        try (WorkerProcess worker = WorkerProcess.start("echo", Echo.class, "now")) {
            worker.send("fail");

            assertThatThrownBy(() -> worker.awaitLine(line -> line.startsWith("echo"), PATIENCE))
                    .hasMessageContaining("as it was told");
            assertThat(worker.awaitExit(PATIENCE)).isEqualTo(1);
        }
    }

    @Test
    void serversDoNotOutliveAKilledJvm() throws IOException {
        try (WorkerProcess worker = WorkerProcess.start("orphaning", Orphaning.class)) {
            worker.awaitLine(said -> said.equals("dir"), PATIENCE);
            Path data = Path.of(worker.awaitLine(said -> true, PATIENCE));
            String line = worker.awaitLine(said -> said.startsWith("pid "), PATIENCE);
            ProcessHandle server = ProcessHandle.of(Long.parseLong(line.substring("pid ".length())))
                    .orElseThrow();

            worker.kill();

            assertThat(server.onExit()).succeedsWithin(PATIENCE);
            Directories.delete(data.resolveSibling(""));
        }
    }
}
