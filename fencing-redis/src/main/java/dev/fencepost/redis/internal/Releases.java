package dev.fencepost.redis.internal;

import dev.fencepost.spi.LockNode;
import java.util.function.LongConsumer;

/** Hears of releases on one node. What is announced while no connection is there is not heard, which the port allows. Safe for use by many threads. */
interface Releases {
    /** Begins to listen, sooner or later. */
    LockNode.Watch watch(String channel, LongConsumer onRelease);

    /** Ends all listening. */
    void close();
}
