package dev.fencepost.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A Redis node as a process of this machine. */
final class EmbeddedRedisServer implements RedisServer {
    private static final int ATTEMPTS = 5;
    private static final String CLASH = "Address already in use";

    private final Path binary;
    private final RedisOptions options;
    private final ServerProcess process = new ServerProcess("redis");
    private int port = Ports.reserve();

    private EmbeddedRedisServer(Path binary, RedisOptions options) {
        this.binary = binary;
        this.options = options;
    }

    /** Starts all nodes together, and then waits for each. */
    static List<EmbeddedRedisServer> start(RedisOptions options) {
        Path binary = RedisBinary.find();
        Announcements.say("embedded redis-server " + RedisBinary.version(binary) + " x" + options.count()
                + ", persistence " + options.persistence());
        List<EmbeddedRedisServer> servers = new ArrayList<>();
        try {
            for (int i = 0; i < options.count(); i++) {
                EmbeddedRedisServer server = new EmbeddedRedisServer(binary, options);
                servers.add(server);
                server.launch();
            }
            servers.forEach(EmbeddedRedisServer::awaitFirstStart);
        } catch (RuntimeException e) {
            Closing.after(e, servers);
            throw e;
        }
        return servers;
    }

    private void launch() {
        List<String> command = new ArrayList<>(List.of(binary.toString(), "--port", Integer.toString(port)));
        command.addAll(List.of("--bind", "127.0.0.1", "--dir", process.data().toString()));
        command.addAll(options.arguments());
        process.start(command, options.environment());
    }

    /** Another process may have taken the port between its choice and the start: then it is another port's turn. */
    private void awaitFirstStart() {
        for (int attempt = 1; ; attempt++) {
            try {
                process.awaitReady(this::answers);
                return;
            } catch (ServerException e) {
                if (attempt == ATTEMPTS || !process.logTail().contains(CLASH)) {
                    throw e;
                }
                process.kill();
                Ports.release(port);
                port = Ports.reserve();
                launch();
            }
        }
    }

    /** The process id shows that it is this process that answers on the port, and no stranger. */
    private boolean answers() {
        try {
            return process.pid().isPresent()
                    && command("PING").equals("PONG")
                    && command("INFO", "server")
                            .contains("process_id:" + process.pid().getAsLong() + "\r\n");
        } catch (ServerException notYet) {
            return false;
        }
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Optional<String> password() {
        return options.password();
    }

    @Override
    public OptionalLong pid() {
        return process.pid();
    }

    @Override
    public boolean isRunning() {
        return process.isRunning();
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public void pause() {
        process.pause();
    }

    @Override
    public void resume() {
        process.resume();
    }

    @Override
    public void restart() {
        process.kill();
        launch();
        process.awaitReady(this::answers);
    }

    @Override
    public void wipe() {
        process.wipe();
    }

    @Override
    public void close() {
        process.close();
        Ports.release(port);
    }

    @Override
    public String toString() {
        return uri();
    }
}
