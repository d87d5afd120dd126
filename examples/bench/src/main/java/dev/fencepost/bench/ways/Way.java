package dev.fencepost.bench.ways;

/** One way to take and give back a lock. Safe for use by many threads. */
public interface Way extends AutoCloseable {
    /** What it is called in the report. */
    String title();

    /**
     * Takes the lock of a free resource and gives it back.
     *
     * @throws IllegalStateException if it did not get the lock: then what is measured is not what it should be
     */
    default void acquireAndRelease(String resource) {
        acquire(resource).run();
    }

    /**
     * Takes the lock of a resource, waiting for whoever holds it for up to half a minute.
     *
     * @return gives it back
     * @throws IllegalStateException if it did not get the lock
     */
    Runnable acquire(String resource);

    @Override
    void close();
}
