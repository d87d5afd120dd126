package dev.fencepost.chaos;

import dev.fencepost.chaos.work.ChaosWorker;
import dev.fencepost.chaos.work.Point;
import dev.fencepost.chaos.work.WorkerSettings;
import dev.fencepost.servers.ServerException;
import dev.fencepost.servers.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One worker, whichever process it is at the moment. For use by one thread, but for {@link #pid()} and {@link #weigh()}. */
final class Member implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration AT_A_POINT = TrialSpec.LEASE.plusSeconds(1);

    private final WorkerSettings settings;
    private final Path directory;
    private final Links links;
    private volatile @Nullable WorkerProcess process;
    private int processes;
    private boolean ready;

    /** A worker that goes through its own proxies, writes its histories into a directory, and is not started yet. */
    Member(WorkerSettings settings, Links links, Path directory) {
        this.settings = settings;
        this.links = links;
        this.directory = directory;
    }

    String name() {
        return settings.identity().name();
    }

    Links links() {
        return links;
    }

    OptionalLong pid() {
        WorkerProcess now = process;
        return now != null && now.isRunning() ? OptionalLong.of(now.pid()) : OptionalLong.empty();
    }

    /** How many processes it has been so far. */
    int processes() {
        return processes;
    }

    /** Starts a process, and does not wait until it works. */
    void start() {
        processes++;
        WorkerSettings.Identity identity = settings.identity();
        WorkerProcess started = WorkerProcess.start(identity.name(), ChaosWorker.class);
        process = started;
        ready = false;
        started.send(new WorkerSettings(
                        new WorkerSettings.Identity(
                                identity.name(),
                                directory.resolve(identity.name() + "-" + processes + ".jsonl"),
                                identity.seed() + processes,
                                identity.observed()),
                        settings.variant(),
                        settings.lease(),
                        settings.durable(),
                        settings.nodes(),
                        settings.database(),
                        settings.workloads())
                .toLine());
    }

    /** Starts a process if there is none: two faults may have killed it, and only one has to bring it back. */
    void startUnlessRunning() {
        if (!running().isRunning()) {
            start();
        }
    }

    /** Waits until it works. */
    void awaitReady() {
        if (!ready) {
            running().awaitLine(ChaosWorker.READY::equals, PATIENCE);
            ready = true;
        }
    }

    /** Ends its process (SIGKILL); false if there was none. */
    boolean kill() {
        boolean running = running().isRunning();
        running().close();
        return running;
    }

    /** Stops its process where it is; false if there was none. */
    boolean pause() {
        boolean running = running().isRunning();
        if (running) {
            running().pause();
        }
        return running;
    }

    void resume() {
        if (running().isRunning()) {
            running().resume();
        }
    }

    /** Stops the whole process when one of its threads comes to a point, if one does soon. */
    boolean pauseAt(Point point) {
        if (!running().isRunning()) {
            return false;
        }
        awaitReady();
        running().send("arm " + point);
        try {
            running().awaitLine((ChaosWorker.AT + point)::equals, AT_A_POINT);
        } catch (ServerException nobodyCameBy) {
            running().send("disarm");
            return false;
        }
        running().pause();
        return true;
    }

    /** Lets the process go on, and the thread at the point. */
    void resumeAtPoint() {
        if (running().isRunning()) {
            running().resume();
            running().send("go");
        }
    }

    /** Sets the time of day, as this worker sees it, forward or back. Only a client of a control looks at it. */
    void setClock(long byMillis) {
        if (running().isRunning()) {
            running().send("set " + byMillis);
        }
    }

    /** Has it write down how much of its heap is in use, if it is there. */
    void weigh() {
        WorkerProcess now = process;
        if (now != null && now.isRunning()) {
            now.send("weigh");
        }
    }

    /** Lets every workload come to its end. */
    void stop() {
        awaitReady();
        running().send("disarm");
        running().send("go");
        running().send("stop");
        running().awaitLine(ChaosWorker.STOPPED::equals, PATIENCE);
    }

    /** Fails if the process has ended by itself. */
    void requireAlive() {
        if (!running().isRunning()) {
            running().awaitLine(line -> false, Duration.ZERO);
        }
    }

    @Override
    public void close() {
        try (links) {
            Optional.ofNullable(process).ifPresent(WorkerProcess::close);
        }
    }

    private WorkerProcess running() {
        WorkerProcess now = process;
        if (now == null) {
            throw new IllegalStateException("worker " + name() + " was not started");
        }
        return now;
    }
}
