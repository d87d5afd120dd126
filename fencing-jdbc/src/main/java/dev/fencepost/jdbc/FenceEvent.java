package dev.fencepost.jdbc;

import dev.fencepost.FencingToken;

/** Something that a guard has seen, for metrics and logs. */
public sealed interface FenceEvent {
    /**
     * The token that it is about.
     *
     * @return the token; its resource tells the group to count under
     */
    FencingToken token();

    /**
     * A token was admitted. The transaction may still fail.
     *
     * @param token the token
     */
    record Admitted(FencingToken token) implements FenceEvent {}

    /**
     * A token was refused as stale.
     *
     * @param token the token
     * @param lastToken the token that the store has admitted
     */
    record RefusedAsStale(FencingToken token, FencingToken lastToken) implements FenceEvent {
        /**
         * How old the token is: by how many numbers it is behind.
         *
         * @return the difference; zero when the store has admitted the same number of another owner
         */
        public long age() {
            return lastToken.value() - token.value();
        }
    }

    /**
     * A repeated write-once found its write applied.
     *
     * @param token the token
     */
    record AlreadyApplied(FencingToken token) implements FenceEvent {}

    /**
     * A transaction lost a race, and is tried again.
     *
     * @param token the token, or the first of several
     * @param attempt which attempt begins now; the second is 2
     */
    record Retried(FencingToken token, int attempt) implements FenceEvent {}
}
