package dev.fencepost.jdbc;

/**
 * What became of the write of one row that carries its token.
 *
 * <p>Immutable.
 */
public sealed interface RowResult {
    /** The row is written, and bears the token now; or it is deleted. */
    record Applied() implements RowResult {}

    /** The row was written or deleted under this very number before, and is left as it is. */
    record AlreadyApplied() implements RowResult {}

    /**
     * The row bears a larger number, or was deleted under one. Nothing is changed.
     *
     * @param rowToken that number
     */
    record Stale(long rowToken) implements RowResult {}

    /** There is no row with this key. */
    record NoSuchRow() implements RowResult {}

    /**
     * A row that was to be inserted is there already, under a smaller number, and is left as it is.
     *
     * @param rowToken the number that the row bears
     */
    record RowExists(long rowToken) implements RowResult {}
}
