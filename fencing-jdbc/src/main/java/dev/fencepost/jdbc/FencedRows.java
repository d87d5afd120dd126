package dev.fencepost.jdbc;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.internal.FencedUpdateHandler;
import dev.fencepost.jdbc.internal.RowStatements;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.extension.annotation.UseExtensionHandler;
import org.jdbi.v3.sqlobject.SqlObjectFactory;

/**
 * Rows that carry their own token: a table with a column for the number of the token that wrote each row last. Two rows never wait for each other.
 *
 * <p><b>Guaranteed</b> at every isolation level: the number of a row only grows, and each token writes a row once. The number goes with a row that is deleted, so that an older token could make it again. Therefore rows
 * are not deleted here, unless they are remembered: for {@link #remembering()} rows, INSERT, UPSERT and DELETE claim the resource {@code schema.table/key} in the same round trip, and a row that was deleted is not made
 * again under the same or an older token. Use it everywhere for a table, or nowhere. The role then needs what {@link FenceGuard#claim(Handle, FencingToken)} needs. UPDATE claims nothing.
 *
 * <p><b>Not guaranteed:</b> anything about two rows together, about owners (two holders of one number are taken for one), or about rows that other statements insert or delete.
 *
 * <p>Each write is one round trip. At the upper isolation levels a lost race is SQLSTATE 40001, in an exception of Jdbi: roll back and begin again with the same token.
 *
 * <p>Names are given as they are, without quotes. They are part of the program: never take them from input. The token column has to be {@code bigint NOT NULL} (a row whose number is NULL is never
 * written, and taken for none), and the key column unique, of a type for which equal values have equal texts: not {@code numeric}, {@code citext}, {@code char} or under a collation that is not deterministic.
 *
 * <p>Immutable, and safe to share between threads.
 *
 * @param schema the schema of the table
 * @param table the table
 * @param key the column that tells the row
 * @param token the column that holds the number of the row's token
 * @param remembers whether deleted rows are remembered
 */
public record FencedRows(String schema, String table, String key, String token, boolean remembers) {
    /**
     * Checks the parts.
     *
     * @param schema the schema of the table
     * @param table the table
     * @param key the column that tells the row
     * @param token the column that holds the number of the row's token
     * @param remembers whether deleted rows are remembered
     */
    public FencedRows {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(token, "token");
    }

    /**
     * Rows that are never deleted.
     *
     * @param schema the schema of the table
     * @param table the table
     * @param key the column that tells the row
     * @param token the column that holds the number of the row's token
     */
    public FencedRows(String schema, String table, String key, String token) {
        this(schema, table, key, token, false);
    }

    /**
     * The same rows, with deletes that are remembered in the fence table.
     *
     * @return the rows
     */
    public FencedRows remembering() {
        return new FencedRows(schema, table, key, token, true);
    }

    /** What a write does. */
    public enum Kind {
        /** Changes a row that is there. */
        UPDATE,
        /** Makes a row. */
        INSERT,
        /** Changes a row, or makes it when there is none. */
        UPSERT,
        /** Deletes a row that is there, and remembers that the token has come by even when there is none. */
        DELETE
    }

    /**
     * One of several writes.
     *
     * @param kind what it does
     * @param writer the token to write under
     * @param row the key of the row; to insert, upsert and delete an {@code Integer}, {@code Long}, {@code Short}, {@code String} or {@code UUID}
     * @param values what to write, by column, and nothing to delete; values are bound as Jdbi binds them
     */
    public record Write(Kind kind, FencingToken writer, Object row, Map<String, ?> values) {
        /**
         * Checks the parts.
         *
         * @param kind what it does
         * @param writer the token to write under
         * @param row the key of the row
         * @param values what to write, by column
         */
        public Write {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(writer, "writer");
            Objects.requireNonNull(row, "row");
            Objects.requireNonNull(values, "values");
            if (kind == Kind.DELETE && !values.isEmpty()) {
                throw new IllegalArgumentException("a delete writes no values, but has " + values.keySet());
            }
        }
    }

    /**
     * Writes columns of a row that is there, unless the row bears a number that is not smaller.
     *
     * @param handle a handle, in a transaction or not
     * @param writer the token to write under
     * @param row the key of the row
     * @param values what to write, by column; values are bound as Jdbi binds them
     * @return {@link RowResult.Applied}, {@link RowResult.AlreadyApplied}, {@link RowResult.Stale} or {@link RowResult.NoSuchRow}
     */
    public RowResult update(Handle handle, FencingToken writer, Object row, Map<String, ?> values) {
        return one(handle, new Write(Kind.UPDATE, writer, row, values));
    }

    /**
     * Makes a row, unless there is one, or one is remembered that was deleted under a number that is not smaller.
     *
     * @param handle a handle, in a transaction or not
     * @param writer the token to write under
     * @param row the key of the row
     * @param values its other columns; values are bound as Jdbi binds them
     * @return {@link RowResult.Applied}, {@link RowResult.AlreadyApplied}, {@link RowResult.Stale} or {@link RowResult.RowExists}
     */
    public RowResult insert(Handle handle, FencingToken writer, Object row, Map<String, ?> values) {
        return one(handle, new Write(Kind.INSERT, writer, row, values));
    }

    /**
     * Writes columns of a row, or makes it when there is none; unless the row bears a number that is not smaller, or is remembered as deleted under one.
     *
     * @param handle a handle, in a transaction or not
     * @param writer the token to write under
     * @param row the key of the row
     * @param values what to write, by column; values are bound as Jdbi binds them
     * @return {@link RowResult.Applied}, {@link RowResult.AlreadyApplied} or {@link RowResult.Stale}; {@link RowResult.NoSuchRow} if another statement deleted the row in the way meanwhile
     */
    public RowResult upsert(Handle handle, FencingToken writer, Object row, Map<String, ?> values) {
        return one(handle, new Write(Kind.UPSERT, writer, row, values));
    }

    /**
     * Deletes a row, unless it bears a number that is not smaller. Under an older token the row is not made again, whether there was one or not.
     *
     * @param handle a handle, in a transaction or not
     * @param writer the token to write under
     * @param row the key of the row
     * @return {@link RowResult.Applied}, {@link RowResult.AlreadyApplied}, {@link RowResult.Stale} or {@link RowResult.NoSuchRow}
     * @throws IllegalStateException if the rows are not {@link #remembering()}
     */
    public RowResult delete(Handle handle, FencingToken writer, Object row) {
        return one(handle, new Write(Kind.DELETE, writer, row, Map.of()));
    }

    /**
     * Does several writes in one transaction, the handle's if it is in one: all that are not refused, a hundred in a round trip. They are done in the order of their keys, so that two batches do not wait for
     * each other.
     *
     * @param handle a handle, in a transaction or not
     * @param writes the writes, of different rows
     * @return what became of each, in the order of the writes
     * @throws IllegalArgumentException if two writes are of one row
     */
    public List<RowResult> all(Handle handle, List<Write> writes) {
        return RowStatements.all(handle, this, writes);
    }

    private RowResult one(Handle handle, Write write) {
        return RowStatements.trip(handle, this, List.of(write)).get(0);
    }

    /**
     * A method of a Jdbi SQL Object that writes one row that carries its own token, as {@link FencedRows} does, and throws {@link StaleTokenException} when the token is stale. Needs {@code org.jdbi:jdbi3-sqlobject}, which this
     * library does not bring.
     *
     * <pre>{@code
     * interface Invoices {
     *     @FencedUpdate(table = "invoice")
     *     void setState(FencingToken token, int id, String state);
     * }
     * }</pre>
     *
     * <p>One parameter is the {@link dev.fencepost.FencingToken} to write under. The others are columns by their names: that of {@code org.jdbi.v3.sqlobject.customizer.Bind}, or the parameter's own when the interface is compiled with {@code
     * -parameters}. One of them is the key.
     *
     * <p>The method returns {@code void} or {@link RowResult}. Where it returns nothing, a row that is not there is a {@link java.util.NoSuchElementException}, and a write that was applied before is taken for done.
     */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @UseExtensionHandler(id = SqlObjectFactory.EXTENSION_ID, value = FencedUpdateHandler.class)
    public @interface FencedUpdate {
        /**
         * The schema of the table.
         *
         * @return its name, without quotes
         */
        String schema() default "public";

        /**
         * The table.
         *
         * @return its name, without quotes
         */
        String table();

        /**
         * The column that tells the row.
         *
         * @return its name, without quotes
         */
        String key() default "id";

        /**
         * The column that holds the number of the row's token.
         *
         * @return its name, without quotes
         */
        String token() default "last_token";

        /**
         * Whether deleted rows are remembered ({@link FencedRows#remembering()}): true at every method for the table, or at none.
         *
         * @return whether they are
         */
        boolean remembering() default false;

        /**
         * What the write does.
         *
         * @return the kind of write
         */
        Kind kind() default Kind.UPDATE;
    }
}
