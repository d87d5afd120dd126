package dev.fencepost.spi;

import dev.fencepost.LockEvent;
import dev.fencepost.LockListener;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Takes the events of a client, from the algorithm and from the nodes. Safe for use by many threads; never blocks and never throws. */
@FunctionalInterface
public interface EventSink {
    /** Where nobody listens. */
    EventSink NONE = event -> {};

    /**
     * Something has happened.
     *
     * @param event makes the event; only asked if somebody listens
     */
    void emit(Supplier<LockEvent> event);

    /**
     * A sink that tells a listener on an executor, one event at a time and in their order.
     *
     * @param listener who is told
     * @param executor where it is told
     * @return the sink
     */
    static EventSink to(LockListener listener, Executor executor) {
        return new ListenerSink(listener, executor);
    }
}
