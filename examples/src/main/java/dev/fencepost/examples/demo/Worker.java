package dev.fencepost.examples.demo;

import dev.fencepost.examples.billing.Billing;
import dev.fencepost.examples.billing.BillingWorker;
import dev.fencepost.examples.billing.WorkerEvent;
import dev.fencepost.examples.billing.WorkerEvent.Kind;
import dev.fencepost.examples.billing.WorkerSettings;
import dev.fencepost.examples.story.Story;
import dev.fencepost.examples.story.Timeline.Mark;
import dev.fencepost.examples.story.Timeline.State;
import dev.fencepost.servers.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;

/** A billing worker in a process of its own, and what it does told as part of the story. */
final class Worker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final WorkerProcess process;
    private final Story story;
    private Instant leaseEnd = Instant.EPOCH;

    private Worker(WorkerProcess process, Story story) {
        this.process = process;
        this.story = story;
    }

    /** What the worker of this name is called in the story. */
    static String lane(String name) {
        return "worker " + name;
    }

    /** Starts the process and does not wait until it is ready. */
    static Worker start(WorkerSettings settings, Story story) {
        WorkerProcess process = WorkerProcess.start(settings.name(), BillingWorker.class);
        try {
            process.send(settings.toLine());
        } catch (IOException e) {
            process.close();
            throw new UncheckedIOException(e);
        }
        return new Worker(process, story);
    }

    /** Tells it to do something, and does not wait for it. */
    void tell(String command) {
        process.send(command);
    }

    /** Lets it go on from where it is about to write. */
    void go() {
        tell("go");
    }

    /** Waits until it says that one of these has happened; fails as soon as its command is over without. */
    WorkerEvent await(Kind... kinds) {
        WorkerEvent event = parse(process.awaitLine(line -> isOneOf(parse(line).kind(), kinds), PATIENCE));
        if (!Arrays.asList(kinds).contains(event.kind())) {
            throw new IllegalStateException(lane() + " was to say one of " + Arrays.toString(kinds)
                    + ", but was done without: " + process.lines());
        }
        return event;
    }

    /** Waits until it holds a customer, and returns its token. */
    WorkerEvent awaitToken(String customer) {
        WorkerEvent acquired = await(Kind.ACQUIRED);
        Duration lease = Duration.of(acquired.facts().number("remainingMicros"), ChronoUnit.MICROS);
        long token = acquired.facts().number("token");
        leaseEnd = acquired.at().plus(lease);
        story.begin(lane(), State.HELD, acquired.at());
        story.tell(
                acquired.at(),
                lane(),
                Mark.TOKEN,
                "token " + token,
                String.format(
                        Locale.ROOT,
                        "takes %s with token %d, for %.2f s",
                        Billing.resource(customer),
                        token,
                        lease.toMillis() / 1e3));
        return acquired;
    }

    /** Waits until it has read and is about to write: from there it goes on only when told {@code go}. */
    WorkerEvent awaitAboutToWrite() {
        WorkerEvent event = await(Kind.ABOUT_TO_WRITE);
        int count = event.facts().numbers("invoices").size();
        story.tell(
                event.at(),
                lane(),
                Mark.READ,
                "read " + count,
                "has read " + count + " open invoices, has seen that its lease is held, and is about to write");
        return event;
    }

    /** Waits for the end of a charge: {@link Kind#CHARGED} or {@link Kind#REFUSED}. */
    WorkerEvent awaitWrite() {
        WorkerEvent event = await(Kind.CHARGED, Kind.REFUSED);
        if (event.kind() == Kind.CHARGED) {
            int count = event.facts().numbers("invoices").size();
            story.tell(
                    event.at(),
                    lane(),
                    Mark.ADMITTED,
                    "charged " + count,
                    "has charged " + count + " invoices, " + event.facts().number("cents") + " cents, under token "
                            + event.facts().number("token"));
        } else {
            String both = event.facts().number("token") + " < " + event.facts().number("lastToken");
            story.tell(
                    event.at(),
                    lane(),
                    Mark.REFUSED,
                    "refused: " + both,
                    "is refused: " + event.facts().text("message"));
        }
        Instant done = await(Kind.DONE).at();
        story.end(lane(), State.HELD, done);
        story.end(lane(), State.OVERDUE, done);
        return event;
    }

    /** Tells when its lease ran out, by the worker's own clock; it need not have noticed. */
    Instant tellThatLeaseRanOut() {
        story.tell(leaseEnd, lane(), Mark.EXPIRED, "lease over", "its lease runs out, and it cannot notice");
        story.end(lane(), State.HELD, leaseEnd);
        story.begin(lane(), State.OVERDUE, leaseEnd);
        return leaseEnd;
    }

    /** Stops it where it is (SIGSTOP). */
    void pause() {
        process.pause();
        Instant now = Instant.now();
        story.begin(lane(), State.PAUSED, now);
        story.tell(now, lane(), Mark.PAUSED, "SIGSTOP", "process " + process.pid() + " is stopped (SIGSTOP)");
    }

    /** Lets it go on (SIGCONT) into its write. */
    void resumeIntoWrite() {
        go();
        process.resume();
        Instant now = Instant.now();
        story.end(lane(), State.PAUSED, now);
        story.tell(now, lane(), Mark.RESUMED, "SIGCONT", "wakes up (SIGCONT) and goes on as if no time had passed");
    }

    /** Ends it at once. */
    @Override
    public void close() {
        process.close();
    }

    private String lane() {
        return lane(process.name());
    }

    private static boolean isOneOf(Kind kind, Kind... kinds) {
        return kind == Kind.DONE || Arrays.asList(kinds).contains(kind);
    }

    private static WorkerEvent parse(String line) {
        try {
            return WorkerEvent.parse(line);
        } catch (IOException e) {
            throw new UncheckedIOException("a worker said what is no event: " + line, e);
        }
    }
}
