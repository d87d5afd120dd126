package dev.fencepost.examples.bench;

/** One way to take and give back a lock on five nodes. Safe for use by many threads. */
interface Way extends AutoCloseable {
    /** What it is called in the table. */
    String title();

    /**
     * Takes the lock of a free resource and gives it back.
     *
     * @throws IllegalStateException if it did not get the lock: then what is measured is not what it should be
     */
    void acquireAndRelease(String resource);

    /**
     * Waits for what it has left under way, where it can tell.
     *
     * @throws RuntimeException if some of that failed
     */
    default void settle() {}

    @Override
    void close();
}
