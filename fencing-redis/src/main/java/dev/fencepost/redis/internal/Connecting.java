package dev.fencepost.redis.internal;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;

/**
 * How connections are made.
 *
 * @param timeout how long one may take, and a command that only asks whether it lives
 * @param trusted which certificates a node's must lead to; empty for those that the platform trusts
 * @param asksForFsync whether to ask how durable the nodes write
 */
public record Connecting(Duration timeout, Optional<TrustManagerFactory> trusted, boolean asksForFsync) {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** Checks the timeout. */
    public Connecting {
        Objects.requireNonNull(timeout, "connectTimeout");
        if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "connectTimeout must be from 1 ms to " + LONGEST.toMillis() + " ms, but is " + timeout);
        }
    }

    /** Connections to nodes whose certificates the platform trusts, where they have any. */
    public static Connecting within(Duration timeout) {
        return new Connecting(timeout, Optional.empty(), false);
    }

    /** The same, trusting only what a trust store has. */
    public Connecting trusting(TrustStore store) {
        return new Connecting(timeout, Optional.of(store.load()), asksForFsync);
    }

    /** The same, asking how durable the nodes write. */
    public Connecting askingForFsync() {
        return new Connecting(timeout, trusted, true);
    }
}
