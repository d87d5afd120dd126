package dev.fencepost.jdbc;

/** Sees what a guard does. Called on the thread that writes, inside its transaction, so that it has to be quick. */
@FunctionalInterface
public interface FenceListener {
    /**
     * Something has happened.
     *
     * @param event what; what this method throws is logged
     */
    void on(FenceEvent event);
}
