package dev.fencepost.spi;

/** What a node answers. Which verb may answer what is said at {@link LockNode}. */
public sealed interface NodeReply {
    /**
     * The resource was free and is now locked for the owner.
     *
     * @param token the new value of the node's counter
     */
    record Granted(long token) implements NodeReply {}

    /**
     * Somebody else holds the resource.
     *
     * @param remainingMillis how long that lock lives at most if nobody prolongs it, in milliseconds; {@link Long#MAX_VALUE} if it lives for ever, which no
     *     client of this library causes
     */
    record Held(long remainingMillis) implements NodeReply {}

    /** The owner held the lock, and what was asked is done. */
    record Done() implements NodeReply {
        /** The only value that is needed. */
        public static final Done INSTANCE = new Done();
    }

    /**
     * The owner held the lock, and it is free now.
     *
     * @param watchers how many clients were told of it, this one included if it watches; 0 if it was not announced
     */
    record Released(long watchers) implements NodeReply {}

    /** The owner does not hold the lock on this node, any more or at all. */
    record NotHeld() implements NodeReply {
        /** The only value that is needed. */
        public static final NotHeld INSTANCE = new NotHeld();
    }

    /**
     * The node has seen a newer view than that of the request, and did nothing.
     *
     * @param view the node's view
     */
    record NewerView(long view) implements NodeReply {}

    /**
     * The node's counter cannot grow any more; it did nothing.
     *
     * @param counter where the counter, or the floor that was asked for, stands, as the node shows it
     */
    record Exhausted(String counter) implements NodeReply {}

    /**
     * The node did not take part: unreachable, not ready, refusing to write, or answering what cannot be understood. Whether the request had an effect is unknown.
     *
     * @param reason what a person can act on; no passwords
     */
    record Unavailable(String reason) implements NodeReply {}
}
