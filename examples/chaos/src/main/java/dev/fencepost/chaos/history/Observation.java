package dev.fencepost.chaos.history;

import java.util.List;

/** What was noticed beside leases, writes and nodes. */
public sealed interface Observation {
    /**
     * The store refused a token.
     *
     * @param holder whose
     * @param lastToken the token that the store had admitted
     */
    record Refusal(Holder holder, long lastToken) implements Observation {}

    /**
     * A holder waited for its lease to be lost.
     *
     * @param worker which process
     * @param holder whose lease
     * @param deadline until when it was held at most
     * @param told when its holder was told; {@link LeaseFact#NEVER} if it was not
     */
    record Loss(String worker, Holder holder, long deadline, long told) implements Observation {}

    /**
     * A write that went around the guard.
     *
     * @param id names the write
     * @param stored whether the database took it
     */
    record Unclaimed(String id, boolean stored) implements Observation {}

    /**
     * The fence table after a crash of the database.
     *
     * @param resource which row
     * @param lastToken the token in it; 0 for no row
     * @param crash when the server was killed
     */
    record AfterCrash(String resource, long lastToken, long crash) implements Observation {}

    /**
     * All faults were healed, and a lock was wanted.
     *
     * @param who wanted it
     * @param span from the healing to the first acquisition, or to when it was given up
     * @param acquired whether there was one
     * @param bound how long it may take, in nanoseconds
     */
    record Recovery(String who, Span span, boolean acquired, long bound) implements Observation {}

    /**
     * What a worker still had on its heap when everything that nobody refers to had been collected.
     *
     * @param worker which process
     * @param reading when, and how much, in KiB
     */
    record Live(String worker, Reading reading) implements Observation {}

    /**
     * Something that must not grow, measured again and again.
     *
     * @param what is measured, in words
     * @param allowance how much more of it there may be late than early
     * @param readings in the order of time
     */
    record Gauged(String what, long allowance, List<Reading> readings) implements Observation {
        /** Copies the readings. */
        public Gauged {
            readings = List.copyOf(readings);
        }
    }

    /**
     * A stretch of time in which one thing was wrong from before its beginning to its end, or nothing.
     *
     * @param round turns of one round are compared with each other
     * @param handicap what was wrong
     * @param span when
     */
    record Turn(int round, Handicap handicap, Span span) implements Observation {}

    /**
     * The sum of all accounts, read in one transaction.
     *
     * @param expected what it was at the beginning
     * @param actual what it was
     */
    record Sum(long expected, long actual) implements Observation {}
}
