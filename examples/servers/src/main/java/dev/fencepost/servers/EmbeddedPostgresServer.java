package dev.fencepost.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A PostgreSQL server as processes of this machine. */
final class EmbeddedPostgresServer implements PostgresServer {
    private static final String USER = "postgres";
    private static final int ATTEMPTS = 5;
    private static final int RESTART_ATTEMPTS = 200;
    private static final String CLASH = "Address already in use";
    private static final String REMAINS = "pre-existing shared memory block";
    private static final int STATUS_LINE = 7;

    private final Path binaries = PostgresBinary.find();
    private final Unprivileged unprivileged = Unprivileged.find();
    private final ServerProcess process = new ServerProcess("postgres");
    private int port = Ports.reserve();

    private EmbeddedPostgresServer() {}

    static EmbeddedPostgresServer start() {
        EmbeddedPostgresServer server = new EmbeddedPostgresServer();
        try {
            server.initialise();
            server.startFirst();
        } catch (RuntimeException e) {
            Closing.after(e, List.of(server));
            throw e;
        }
        return server;
    }

    private void initialise() {
        Announcements.say(
                "embedded " + Processes.run(List.of(binaries.resolve("postgres").toString(), "--version"))
                        + ", fsync and synchronous_commit on");
        unprivileged.own(process.directory());
        process.run(unprivileged.command(List.of(
                binaries.resolve("initdb").toString(),
                "--pgdata=" + process.data(),
                "--username=" + USER,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync")));
    }

    private void launch() {
        List<String> command = new ArrayList<>(List.of(
                binaries.resolve("postgres").toString(),
                "-D",
                process.data().toString(),
                "-p",
                Integer.toString(port)));
        command.addAll(List.of("-h", "127.0.0.1", "-c", "unix_socket_directories="));
        command.addAll(DURABLE);
        process.start(unprivileged.command(command));
    }

    private void startFirst() {
        for (int attempt = 1; !launched(attempt == ATTEMPTS, CLASH); attempt++) {
            Ports.release(port);
            port = Ports.reserve();
        }
    }

    /** True when it is ready, false when it failed for this reason and there is another attempt. */
    private boolean launched(boolean last, String reason) {
        launch();
        try {
            process.awaitReady(this::isReady);
            return true;
        } catch (ServerException e) {
            if (last || process.isRunning() || !process.logTail().contains(reason)) {
                throw e;
            }
            return false;
        }
    }

    /** The server writes its process id and, when it takes connections, "ready" into a file of its data directory. */
    private boolean isReady() {
        Path file = process.data().resolve("postmaster.pid");
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            return lines.size() > STATUS_LINE
                    && lines.get(STATUS_LINE).strip().equals("ready")
                    && process.pid()
                            .equals(OptionalLong.of(Long.parseLong(lines.get(0).strip())));
        } catch (IOException goneOrHalfWritten) {
            return false;
        }
    }

    @Override
    public PostgresDatabase maintenance() {
        return PostgresDatabase.at(host(), port, USER);
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
    public void stopImmediate() {
        process.stop("QUIT");
    }

    @Override
    public void pause() {
        process.pause();
    }

    @Override
    public void resume() {
        process.resume();
    }

    /** Children of a killed server may take a moment to leave its shared memory, and until then it does not start. */
    @Override
    public void restart() {
        process.kill();
        for (int attempt = 1; !launched(attempt == RESTART_ATTEMPTS, REMAINS); ) {
            attempt++;
        }
    }

    @Override
    public void close() {
        process.close();
        Ports.release(port);
    }

    @Override
    public String toString() {
        return jdbcUrl();
    }
}
