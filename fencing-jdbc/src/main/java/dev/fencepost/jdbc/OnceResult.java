package dev.fencepost.jdbc;

import java.util.Objects;
import java.util.Optional;

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
     * of it: read what the first application left in the database, or have it recorded ({@link FenceGuard#writeOnceRecording}).
     *
     * @param <T> the type of the value that the work would have returned
     */
    record AlreadyApplied<T>() implements OnceResult<T> {}

    /**
     * An earlier {@link FenceGuard#writeOnceRecording} under the same token was committed, and this is what its work returned. The work did not run in this call.
     *
     * @param value what the work returned then
     * @param <T> the type of the value
     */
    record Recorded<T>(T value) implements OnceResult<T> {
        /**
         * Checks the part.
         *
         * @param value what the work returned then
         */
        public Recorded {
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * What the work returned, in this call or in the one whose result was recorded.
     *
     * @return the value; empty when the work was applied earlier by a call that records nothing
     */
    default Optional<T> toOptional() {
        if (this instanceof First<T> first) {
            return Optional.of(first.value());
        }
        return this instanceof Recorded<T> recorded ? Optional.of(recorded.value()) : Optional.empty();
    }
}
