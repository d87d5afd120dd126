package dev.fencepost.examples.ledger;

import dev.fencepost.examples.billing.WorkerEvent;
import dev.fencepost.examples.billing.WorkerEvent.Kind;
import dev.fencepost.examples.billing.WorkerSettings;
import dev.fencepost.servers.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;

/** A {@link LedgerWorker} in a process of its own. */
final class Clerk implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final WorkerProcess process;

    private Clerk(WorkerProcess process) {
        this.process = process;
    }

    /** Starts the process and does not wait until it is ready. */
    static Clerk start(WorkerSettings settings, Scale scale) {
        Workload workload = scale.workload();
        WorkerProcess process = WorkerProcess.start(
                settings.name().replace(' ', '-'),
                LedgerWorker.class,
                Integer.toString(scale.threads()),
                Long.toString(workload.seed()),
                Integer.toString(workload.accounts()));
        try {
            process.send(settings.toLine());
        } catch (IOException e) {
            process.close();
            throw new UncheckedIOException(e);
        }
        return new Clerk(process);
    }

    void tell(String command) {
        process.send(command);
    }

    /** Tells it to carry out one transfer, by the command {@code transfer} or {@code stepwise}. */
    void tell(String command, Transfer transfer) {
        tell(command + " " + transfer.id() + " " + transfer.debit() + " " + transfer.credit() + " " + transfer.cents());
    }

    /**
     * Waits until it says that one of these has happened, and passes over everything else.
     *
     * @throws IllegalStateException as soon as it says that it has failed
     */
    WorkerEvent await(Kind... kinds) {
        WorkerEvent event = parse(process.awaitLine(line -> isOneOf(parse(line).kind(), kinds), PATIENCE));
        if (event.kind() == Kind.FAILED) {
            throw new IllegalStateException(
                    process.name() + ": " + event.facts().text("message"));
        }
        return event;
    }

    long pid() {
        return process.pid();
    }

    /** Stops it where it is (SIGSTOP). */
    void pause() {
        process.pause();
    }

    /** Lets it go on (SIGCONT). */
    void resume() {
        process.resume();
    }

    /** Ends it at once (SIGKILL). */
    @Override
    public void close() {
        process.close();
    }

    private static boolean isOneOf(Kind kind, Kind... kinds) {
        return kind == Kind.FAILED || Arrays.asList(kinds).contains(kind);
    }

    private static WorkerEvent parse(String line) {
        try {
            return WorkerEvent.parse(line);
        } catch (IOException e) {
            throw new UncheckedIOException("a worker said what is no event: " + line, e);
        }
    }
}
