package dev.fencepost.jdbc;

import java.util.Objects;

/**
 * A protected table as the database has it.
 *
 * <p>Immutable.
 *
 * @param protection how it is protected
 * @param reported how many rows were written without a claim while the mode was {@link Protection.Mode#REPORT}, since the table was
 *     protected this way; also in transactions that were rolled back. After a crash of the server it may be too large by up to 32
 */
public record ProtectedTable(Protection protection, long reported) {
    /**
     * Checks the parts.
     *
     * @param protection how it is protected
     * @param reported how many unclaimed writes were reported
     */
    public ProtectedTable {
        Objects.requireNonNull(protection, "protection");
    }
}
