package dev.fencepost.jdbc;

import java.util.Objects;

/**
 * What became of a write that a token is allowed once, and that returns a value. A stale token is neither of these: it is a {@link
 * StaleTokenException}.
 *
 * @param <T> the type of the value; never null
 */
public sealed interface OnceResult<T> {
    /**
     * The work ran in this call, and is committed.
     *
     * @param value what the work returned
     * @param <T> the type of the value
     */
    record First<T>(T value) implements OnceResult<T> {
        /**
         * Checks the part.
         *
         * @param value what the work returned
         */
        public First {
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * An earlier write-once transaction under the same token was committed. The work did not run in this call, so that there is no value
     * of it: read what the first application left in the database.
     *
     * @param <T> the type of the value that the work would have returned
     */
    record AlreadyApplied<T>() implements OnceResult<T> {}
}
