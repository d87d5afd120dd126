package dev.fencepost.jdbc.internal;

import dev.fencepost.jdbc.OnceResult;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What happens in a transaction of the guard's own, from its begin to its commit.
 *
 * @param <T> what the work returns
 * @param <X> what the work may throw
 */
@FunctionalInterface
interface Steps<T, X extends Exception> {
    /**
     * Claims, works and commits.
     *
     * @param handle in a transaction that has just begun
     * @param bound how long it may take, if that is limited; more than nothing
     * @return {@link OnceResult.First} when the server has committed, anything else when there is nothing to commit
     * @throws X what the work threw
     */
    OnceResult<T> run(Handle handle, Optional<Duration> bound) throws X;
}
