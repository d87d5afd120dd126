package dev.fencepost.jdbc.internal;

import dev.fencepost.jdbc.OnceResult;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a write-once transaction leaves for those who repeat it.
 *
 * @param toRecord what to leave of what the work returned
 * @param recalled what to say to a repetition, from what was left
 * @param <T> what the work returns
 */
record Recording<T>(Function<T, Optional<String>> toRecord, Function<Optional<String>, OnceResult<T>> recalled) {
    /** Nothing. */
    static <T> Recording<T> nothing() {
        return new Recording<>(value -> Optional.empty(), left -> new OnceResult.AlreadyApplied<>());
    }

    /** The text that the work returned. */
    static Recording<String> text() {
        return new Recording<>(
                Optional::of,
                left -> left.<OnceResult<String>>map(OnceResult.Recorded::new)
                        .orElseGet(OnceResult.AlreadyApplied::new));
    }
}
