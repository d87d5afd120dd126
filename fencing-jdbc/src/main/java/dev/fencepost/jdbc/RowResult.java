package dev.fencepost.jdbc;

/**
 * What became of the write of one row that carries its token.
 *
 * <p>Immutable.
 */
public sealed interface RowResult {
    /** The row is written, and bears the token now. */
    record Applied() implements RowResult {}

    /** The row bears this very number: it was written under it before, and is left as it is. */
    record AlreadyApplied() implements RowResult {}

    /**
     * The row bears a larger number, and is left as it is.
     *
     * @param rowToken the number that the row bears
     */
    record Stale(long rowToken) implements RowResult {}

    /** There is no row with this key. */
    record NoSuchRow() implements RowResult {}
}
