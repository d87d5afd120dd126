package dev.fencepost.servers;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testcontainers.DockerClientFactory;

/** Whether there is a Docker engine, found out once. */
final class DockerEngine {
    /** An endpoint that accepts connections and never answers would hold up the question for minutes. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private DockerEngine() {}

    static boolean answers() {
        return Once.ANSWERS;
    }

    private static final class Once {
        static final boolean ANSWERS = ask();
    }

    private static boolean ask() {
        FutureTask<Boolean> question =
                new FutureTask<>(() -> DockerClientFactory.instance().isDockerAvailable());
        Thread asking = new Thread(question, "docker-probe");
        asking.setDaemon(true);
        asking.start();
        try {
            return question.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException noAnswer) {
            return false;
        } catch (ExecutionException e) {
            throw new ServerException("could not find out whether Docker is there: " + e.getCause(), e);
        } catch (InterruptedException e) {
            throw Processes.interrupted("an answer of Docker");
        }
    }
}
