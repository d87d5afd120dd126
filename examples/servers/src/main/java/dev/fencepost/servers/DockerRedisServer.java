package dev.fencepost.servers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A Redis node in a container. */
final class DockerRedisServer implements RedisServer {
    private static final String IMAGE = "fencepost.redis.image";
    private static final int INNER_PORT = 6379;
    private static final Duration START = Duration.ofSeconds(60);

    private final RedisOptions options;
    private final DockerContainer container;

    private DockerRedisServer(String image, RedisOptions options) {
        this.options = options;
        List<String> command = new ArrayList<>(List.of("redis-server"));
        command.addAll(options.arguments());
        container = new DockerContainer(image, INNER_PORT, Map.of(), command);
    }

    static List<DockerRedisServer> start(RedisOptions options) {
        String image = Settings.find(IMAGE).orElse("redis:7.4");
        Announcements.say("docker " + image + " x" + options.count() + ", persistence " + options.persistence());
        List<DockerRedisServer> servers = new ArrayList<>();
        try {
            for (int i = 0; i < options.count(); i++) {
                DockerRedisServer server = new DockerRedisServer(image, options);
                servers.add(server);
                server.container.start();
            }
            servers.forEach(DockerRedisServer::awaitReady);
        } catch (RuntimeException e) {
            Closing.after(e, servers);
            throw e;
        }
        return servers;
    }

    private void awaitReady() {
        Readiness.await(START, () -> Readiness.answersPing(this), () -> uri() + " does not answer");
    }

    @Override
    public String host() {
        return container.host();
    }

    @Override
    public int port() {
        return container.port();
    }

    @Override
    public Optional<String> password() {
        return options.password();
    }

    @Override
    public OptionalLong pid() {
        return OptionalLong.empty();
    }

    @Override
    public boolean isRunning() {
        return container.isRunning();
    }

    @Override
    public void kill() {
        container.end("KILL");
    }

    @Override
    public void pause() {
        container.pause();
    }

    @Override
    public void resume() {
        container.resume();
    }

    @Override
    public void restart() {
        container.end("KILL");
        container.start();
        awaitReady();
    }

    @Override
    public void wipe() {
        if (isRunning()) {
            throw new IllegalStateException(uri() + " is running: kill it before its data is deleted");
        }
        container.remove();
    }

    @Override
    public void close() {
        container.close();
    }

    @Override
    public String toString() {
        return uri();
    }
}
