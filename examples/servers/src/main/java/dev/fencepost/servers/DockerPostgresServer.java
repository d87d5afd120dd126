package dev.fencepost.servers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A PostgreSQL server in a container. */
final class DockerPostgresServer implements PostgresServer {
    private static final String IMAGE = "fencepost.postgres.image";
    private static final int INNER_PORT = 5432;
    private static final String USER = "postgres";
    private static final Duration START = Duration.ofSeconds(60);

    private final DockerContainer container;

    private DockerPostgresServer(String image) {
        List<String> command = new ArrayList<>(List.of("postgres"));
        command.addAll(DURABLE);
        container = new DockerContainer(image, INNER_PORT, Map.of("POSTGRES_HOST_AUTH_METHOD", "trust"), command);
    }

    static DockerPostgresServer start() {
        String image = Settings.find(IMAGE).orElse("postgres:18");
        Announcements.say("docker " + image + ", fsync and synchronous_commit on");
        DockerPostgresServer server = new DockerPostgresServer(image);
        try {
            server.container.start();
            server.awaitReady();
        } catch (RuntimeException e) {
            Closing.after(e, List.of(server));
            throw e;
        }
        return server;
    }

    private void awaitReady() {
        Readiness.await(START, () -> Readiness.answersQuery(maintenance()), () -> jdbcUrl() + " does not answer");
    }

    @Override
    public PostgresDatabase maintenance() {
        return PostgresDatabase.at(host(), port(), USER);
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
    public void stopImmediate() {
        container.end("QUIT");
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
    public void close() {
        container.close();
    }

    @Override
    public String toString() {
        return jdbcUrl();
    }
}
