package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of a client need: two clients of one lock service, as of two processes, and names that no other test uses. */
abstract class ClientTests {
    /** How long anything may take that is expected to happen soon. Nobody waits for it where it does happen. */
    static final Duration SOON = Duration.ofSeconds(30);

    static final Duration LONG = Duration.ofMinutes(3);

    /** The longest pause that can be asked for; longer than anything soon. */
    private static final Duration PATIENT = Duration.ofMinutes(1);

    private final Deque<LockClient> opened = new ArrayDeque<>();
    private final BlockingQueue<LockEvent> events = new LinkedBlockingQueue<>();

    /** The client that a test is about, whose events are kept. */
    LockClient locks;

    /** A client of the same lock service, as another process would have it. */
    LockClient other;

    /** A name that nobody else has used. */
    String resource;

    /**
     * How a client is to be.
     *
     * @param lease how long locks are held
     * @param autoExtend whether leases are extended automatically
     * @param pause between attempts at a lock that is held; empty for what the client does by default
     * @param listener who is told what happens
     */
    public record Settings(Duration lease, boolean autoExtend, Optional<Duration> pause, LockListener listener) {
        static final Settings DEFAULT = new Settings(Duration.ofMinutes(1), false, Optional.empty(), event -> {});

        Settings leasing(Duration time) {
            return new Settings(time, autoExtend, pause, listener);
        }

        Settings extending() {
            return new Settings(lease, true, pause, listener);
        }

        /** With pauses beyond the length of any test: who goes on was woken. */
        Settings patient() {
            return new Settings(lease, autoExtend, Optional.of(PATIENT), listener);
        }
    }

    /** A new client of the lock service under test; all that this makes in one test share its locks. */
    protected abstract LockClient connect(Settings settings);

    @BeforeEach
    public final void openClients() {
        resource = "contract/" + UUID.randomUUID();
        locks = client(new Settings(Settings.DEFAULT.lease(), false, Optional.empty(), events::add));
        other = client(Settings.DEFAULT);
    }

    @AfterEach
    public final void closeClients() {
        opened.forEach(LockClient::close);
    }

    /** A further client, closed after the test. */
    final LockClient client(Settings settings) {
        LockClient client = connect(settings);
        opened.push(client);
        return client;
    }

    /** The next event of this kind; others are passed over. */
    final <E extends LockEvent> E nextEvent(Class<E> kind) throws InterruptedException {
        while (true) {
            LockEvent event = events.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(event).as("an event of %s", kind).isNotNull();
            if (kind.isInstance(event)) {
                return kind.cast(event);
            }
        }
    }

    static <T> T join(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(future).succeedsWithin(SOON);
        return future.join();
    }
}
