package dev.fencepost.jdbc.internal.locks;

import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * How sessions are made, and what each says of its client.
 *
 * @param dataSource where connections come from
 * @param longestLease the longest lease that the client ever asks for
 * @param synchronous whether the operator vouches that a failover forgets nothing
 */
public record Joining(DataSource dataSource, Duration longestLease, boolean synchronous) {
    /** Checks that nothing is missing. */
    public Joining {
        Objects.requireNonNull(dataSource, "dataSource");
        Objects.requireNonNull(longestLease, "longestLease");
    }
}
