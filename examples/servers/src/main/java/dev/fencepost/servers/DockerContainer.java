package dev.fencepost.servers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * One container after another on one fixed port of the host, so that a server comes back where it was.
 *
 * <p>Testcontainers creates it, and its reaper removes it with this JVM; the verbs in between go to the engine, because
 * Testcontainers has only start and stop.
 */
final class DockerContainer {
    private static final Duration END = Duration.ofSeconds(10);

    private final String image;
    private final int innerPort;
    private final Map<String, String> environment;
    private final List<String> command;
    private final int port = Ports.reserve();
    private @Nullable GenericContainer<?> container;

    DockerContainer(String image, int innerPort, Map<String, String> environment, List<String> command) {
        this.image = image;
        this.innerPort = innerPort;
        this.environment = Map.copyOf(environment);
        this.command = List.copyOf(command);
    }

    String host() {
        return DockerClientFactory.instance().dockerHostIpAddress();
    }

    int port() {
        return port;
    }

    /** Starts the container that is there, or else a new one. Whoever calls this waits for the server inside. */
    void start() {
        GenericContainer<?> existing = container;
        if (existing != null) {
            engine().startContainerCmd(existing.getContainerId()).exec();
            return;
        }
        GenericContainer<?> fresh = new GenericContainer<>(DockerImageName.parse(image));
        container = fresh;
        fresh.setPortBindings(List.of(port + ":" + innerPort));
        environment.forEach(fresh::addEnv);
        fresh.withCommand(command.toArray(String[]::new))
                .waitingFor(new NoWait())
                .start();
    }

    boolean isRunning() {
        GenericContainer<?> existing = container;
        return existing != null && Boolean.TRUE.equals(state(existing).getRunning());
    }

    /** Signals the main process and waits until it has ended. */
    void end(String signal) {
        GenericContainer<?> existing = container;
        if (existing == null || !isRunning()) {
            return;
        }
        engine().killContainerCmd(existing.getContainerId()).withSignal(signal).exec();
        Readiness.await(END, () -> !isRunning(), () -> "the container of " + image + " still runs");
    }

    void pause() {
        engine().pauseContainerCmd(existing().getContainerId()).exec();
    }

    void resume() {
        engine().unpauseContainerCmd(existing().getContainerId()).exec();
    }

    /** Removes the container with its data. The port stays reserved. */
    void remove() {
        GenericContainer<?> existing = container;
        container = null;
        if (existing != null) {
            existing.stop();
        }
    }

    void close() {
        remove();
        Ports.release(port);
    }

    private GenericContainer<?> existing() {
        GenericContainer<?> existing = container;
        if (existing == null) {
            throw new IllegalStateException("there is no container of " + image + ": restart it first");
        }
        return existing;
    }

    private static InspectContainerResponse.ContainerState state(GenericContainer<?> container) {
        return engine().inspectContainerCmd(container.getContainerId()).exec().getState();
    }

    private static DockerClient engine() {
        return DockerClientFactory.instance().client();
    }

    /** The servers' own protocols say when they are ready, at the first start as at every other. */
    private static final class NoWait extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {}
    }
}
