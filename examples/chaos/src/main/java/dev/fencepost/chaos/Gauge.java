package dev.fencepost.chaos;

/** What must not grow while a trial goes on, and how much of that is not growth. */
enum Gauge {
    /** File descriptors of the worker. */
    DESCRIPTORS(
            "file descriptors of worker 0", 12, "connections that faults broke off are made again, a few at a time"),
    /** Threads of the worker. */
    THREADS("threads of worker 0", 6, "pools keep a thread more or less, and each connection to be made takes one"),
    /** The heap of the worker after a full collection. */
    LIVE(
            "heap of worker 0 in use after a full collection, KiB",
            2_048,
            "buffers, caches of statements and what is under way"),
    /** Resident memory of the worker. */
    MEMORY(
            "resident memory of worker 0, MiB",
            64,
            "the heap, of 128 MiB at most, is given back late or never; what leaks beside the heap shows here alone"),
    /** Keys, on the node that has most. */
    KEYS("keys on a node", 12, "locks come and go beside the counters, of which there is one for each resource"),
    /** Connections, to the node that has most. */
    CONNECTIONS("connections of a node", 8, "those of killed workers end a little later than their successors' begin"),
    /** Memory, of the node that uses most. */
    NODE_MEMORY("memory of a node, KiB", 2_048, "buffers of connections, and of the log while it is rewritten");

    private final String title;
    private final long allowance;
    private final String reason;

    Gauge(String title, long allowance, String reason) {
        this.title = title;
        this.allowance = allowance;
        this.reason = reason;
    }

    /** What is measured, with its unit. */
    String title() {
        return title;
    }

    /** How much more there may be late in a trial than early. */
    long allowance() {
        return allowance;
    }

    /** Why there may be more at all. */
    String reason() {
        return reason;
    }
}
