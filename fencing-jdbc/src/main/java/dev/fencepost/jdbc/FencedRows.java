package dev.fencepost.jdbc;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.internal.RowStatements;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;

/**
 * Rows that carry their own token: a table with a column for the number of the token that wrote each row last. Such rows need no claim, and two rows never wait for each other.
 *
 * <p><b>Guaranteed</b> at every isolation level: the number of a row only grows, and each token writes a row once. <b>Not guaranteed:</b> anything about two rows
 * together, about owners (two holders of one number are taken for one), or about a row after it was deleted: the number goes with it, and an older token could make the
 * row again. So there is no delete here. Mark the row as deleted with {@link #update}, or protect deletions by claims ({@link FenceGuard}), whose memory
 * outlives the row.
 *
 * <p>Names are given as they are, without quotes. They are part of the program: never take them from input. The token column has to be {@code bigint NOT NULL} (a row whose
 * number is NULL is never written, and taken for none), and the key column unique.
 *
 * <p>Immutable, and safe to share between threads.
 *
 * @param schema the schema of the table
 * @param table the table
 * @param key the column that tells the row
 * @param token the column that holds the number of the row's token
 */
public record FencedRows(String schema, String table, String key, String token) {
    /**
     * Checks the parts.
     *
     * @param schema the schema of the table
     * @param table the table
     * @param key the column that tells the row
     * @param token the column that holds the number of the row's token
     */
    public FencedRows {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(token, "token");
    }

    /**
     * Writes columns of a row that is there, unless the row bears a number that is not smaller. In one round trip.
     *
     * @param handle a handle, in a transaction or not
     * @param writer the token to write under
     * @param row the key of the row
     * @param values what to write, by column; values are bound as Jdbi binds them
     * @return what became of it
     */
    public RowResult update(Handle handle, FencingToken writer, Object row, Map<String, ?> values) {
        return RowStatements.update(handle, this, writer, row, values);
    }

    /**
     * Writes columns of a row, or makes it when there is none; unless the row bears a number that is not smaller. In one round trip, except when the row was made meanwhile.
     *
     * @param handle a handle, in a transaction or not
     * @param writer the token to write under
     * @param row the key of the row
     * @param values what to write, by column; values are bound as Jdbi binds them
     * @return what became of it; {@link RowResult.NoSuchRow} if the row in the way was deleted meanwhile: try again
     */
    public RowResult upsert(Handle handle, FencingToken writer, Object row, Map<String, ?> values) {
        return RowStatements.upsert(handle, this, writer, row, values);
    }
}
