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
    void acquireAndRelease(String resource);

    @Override
    void close();
}
