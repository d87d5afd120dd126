package dev.fencepost.spi;

import dev.fencepost.LockEvent;
import dev.fencepost.LockListener;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands events to a listener on the executor, one at a time and in order. The monitor guards the queue; the listener is never called under it. */
final class ListenerSink implements EventSink {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerSink.class);
    private static final int MAX_WAITING = 10_000;

    private final LockListener listener;
    private final Executor executor;
    private final Queue<LockEvent> waiting = new ArrayDeque<>();
    private boolean running;
    private long dropped;

    /** Makes a way to the listener. */
    ListenerSink(LockListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    @Override
    public void emit(Supplier<LockEvent> event) {
        LockEvent made = event.get();
        synchronized (this) {
            if (waiting.size() >= MAX_WAITING) {
                dropped++;
                return;
            }
            waiting.add(made);
            if (running) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(this::deliver);
        } catch (RejectedExecutionException e) {
            // The application has shut it down before the client: nobody is left to be told, and the lock must not
            // suffer for it.
            forget(e);
        }
    }

    private void deliver() {
        for (LockEvent event = next(); event != null; event = next()) {
            try {
                listener.on(event);
            } catch (RuntimeException | Error e) {
                // Also an Error: it is the listener's own, and to stop here would silence all later events.
                LOG.warn("the lock listener failed on {}", event, e);
            }
        }
    }

    private synchronized void forget(RejectedExecutionException why) {
        LOG.debug("{} events have nobody to be told to", waiting.size(), why);
        waiting.clear();
        running = false;
    }

    private synchronized @Nullable LockEvent next() {
        if (dropped > 0) {
            LOG.warn("the lock listener is too slow: {} events were dropped", dropped);
            dropped = 0;
        }
        LockEvent event = waiting.poll();
        running = event != null;
        return event;
    }
}
