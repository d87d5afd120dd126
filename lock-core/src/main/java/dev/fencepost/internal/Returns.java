package dev.fencepost.internal;

import dev.fencepost.LockEvent;
import dev.fencepost.spi.NodeReply.Marker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners and the log which nodes have forgotten and come back, each once. For one round at a time. */
final class Returns {
    private static final Logger LOG = LoggerFactory.getLogger(Returns.class);

    private final Quorum quorum;
    private final long[] sinceNanos;
    /** Why a node is out; null where it is not. */
    private final @Nullable String[] out;
    /** The life in which its wait was told; null where it was not. */
    private final @Nullable String[] told;

    Returns(Quorum quorum) {
        this.quorum = quorum;
        this.sinceNanos = new long[quorum.size()];
        this.out = new String[quorum.size()];
        this.told = new String[quorum.size()];
    }

    /** The node has forgotten. */
    void forgotten(int node, String why) {
        if (out[node] != null) {
            return;
        }
        out[node] = why;
        sinceNanos[node] = quorum.nanoTime();
        LOG.warn("{} has forgotten what it granted: {}", quorum.name(node), why);
        quorum.events().emit(() -> new LockEvent.NodeForgotten(quorum.name(node), why));
    }

    /** The node, which has forgotten, has to stay out for so much longer. */
    void quarantined(int node, Marker marker, Duration left) {
        if (marker.life().equals(told[node])) {
            return;
        }
        told[node] = marker.life();
        LOG.warn(
                "{} stays out for {} ms more, until no lease that it has forgotten is left",
                quorum.name(node),
                left.toMillis());
        quorum.events().emit(() -> new LockEvent.NodeQuarantined(quorum.name(node), left));
    }

    /** The node takes part. */
    void ready(int node, Marker marker) {
        String why = out[node];
        if (why == null) {
            return;
        }
        boolean waited = marker.life().equals(told[node]);
        out[node] = null;
        told[node] = null;
        Duration after = Duration.ofNanos(quorum.nanoTime() - sinceNanos[node]);
        LOG.info(
                "{} is back after {} ms, in view {}",
                quorum.name(node),
                after.toMillis(),
                marker.numbers().view());
        quorum.events().emit(() -> new LockEvent.NodeRejoined(quorum.name(node), after, waited, why));
    }

    /** Why a node cannot come back, for people. */
    static String tooFew(long others, int needed) {
        return "it has forgotten what it granted, and can catch up only from " + needed
                + " other nodes that are ready, but " + others
                + " are; mend the others, or, if they have forgotten as well, see 'Too many nodes have forgotten' in docs/operations.md";
    }
}
