package dev.fencepost;

/**
 * Sees what a client does, for metrics and logs.
 *
 * <p>Called on the client's executor, one event at a time and in their order, never under a lock and never on a thread that the protocol needs. A listener that is slow
 * delays nobody; if it stays behind by too many events, further ones are dropped, and a warning says how many.
 */
@FunctionalInterface
public interface LockListener {
    /**
     * Something has happened.
     *
     * @param event what; what this method throws is logged
     */
    void on(LockEvent event);
}
