package dev.fencepost.chaos.history;

/**
 * One write that a worker wanted to be stored.
 *
 * @param kind of which workload
 * @param holder under which token
 * @param id names the write; never used twice
 * @param outcome what the worker was told
 * @param span from before the write until its outcome was known; of one that never came back, until its beginning
 */
public record WriteFact(Kind kind, Holder holder, String id, Outcome outcome, Span span) {
    /** Workloads that write. */
    public enum Kind {
        /** Adds an element to a set, by reading the set and writing it back. */
        ADD,
        /** Moves money between two accounts, by reading both and writing both. */
        TRANSFER,
        /** Charges an invoice, once. */
        CHARGE,
        /** Writes into a protected table. */
        NOTE
    }

    /** What a worker was told of its write. */
    public enum Outcome {
        /** It is stored. */
        STORED,
        /** It is not stored and will not be. */
        REFUSED,
        /** Nobody told. A worker that was killed meanwhile knows no more either. */
        UNKNOWN
    }
}
