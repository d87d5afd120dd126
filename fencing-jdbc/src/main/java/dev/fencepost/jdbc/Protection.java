package dev.fencepost.jdbc;

import dev.fencepost.FencingToken;
import java.util.Objects;

/**
 * How a table is protected: which resource each of its rows belongs to, and what becomes of a write in a transaction that has not claimed it.
 *
 * <p>Names are given as they are, without quotes: {@code Protection.byColumn("billing", "Charge", "invoice id")}.
 *
 * <p>Immutable.
 *
 * @param schema the schema of the table
 * @param table the table; for a partitioned one the table itself, not a partition
 * @param by what {@code resource} is
 * @param resource a column, an SQL expression over the columns, or the name of a resource, as {@code by} says
 * @param mode what becomes of unclaimed writes
 */
public record Protection(String schema, String table, By by, String resource, Mode mode) {
    /** What tells the resource of a row. */
    public enum By {
        /** A column of type {@code text} or {@code varchar} that holds the name of the resource. */
        COLUMN,
        /** An SQL expression over the columns of the row. */
        EXPRESSION,
        /** Nothing: all rows belong to one resource. */
        CONSTANT
    }

    /** What becomes of a write in a transaction that has not claimed the row's resource. */
    public enum Mode {
        /** The statement fails, with {@link UnclaimedWriteException} out of the guard. */
        REFUSE,
        /** It is counted and let through: for finding who writes without a claim, before they are refused. */
        REPORT
    }

    /**
     * Checks the parts.
     *
     * @param schema the schema of the table
     * @param table the table
     * @param by what {@code resource} is
     * @param resource a column, an expression, or the name of a resource
     * @param mode what becomes of unclaimed writes
     * @throws IllegalArgumentException if a part is blank or contains NUL
     */
    public Protection {
        requireText(schema, "schema");
        requireText(table, "table");
        Objects.requireNonNull(by, "by");
        requireText(resource, "resource");
        Objects.requireNonNull(mode, "mode");
        if (by == By.CONSTANT) {
            FencingToken.requireResource(resource);
        }
    }

    /**
     * Each row names its resource in a column.
     *
     * @param schema the schema of the table
     * @param table the table
     * @param column the column; of type {@code text} or {@code varchar}, and best {@code NOT NULL}: a row without a resource cannot be written
     * @return the protection, in mode {@link Mode#REFUSE}
     */
    public static Protection byColumn(String schema, String table, String column) {
        return new Protection(schema, table, By.COLUMN, column, Mode.REFUSE);
    }

    /**
     * The resource of a row is computed from its columns: {@code 'invoice/' || invoice_id}.
     *
     * <p>The expression becomes part of a function that runs with the rights of the role that protects the table. It is program text: never
     * take it from input. It finds functions of {@code pg_catalog} by their names, and others with their schema.
     *
     * @param schema the schema of the table
     * @param table the table
     * @param expression the expression; a row for which it is NULL cannot be written
     * @return the protection, in mode {@link Mode#REFUSE}
     */
    public static Protection byExpression(String schema, String table, String expression) {
        return new Protection(schema, table, By.EXPRESSION, expression, Mode.REFUSE);
    }

    /**
     * All rows belong to one resource.
     *
     * @param schema the schema of the table
     * @param table the table
     * @param resource the name of the resource, as in the tokens
     * @return the protection, in mode {@link Mode#REFUSE}
     */
    public static Protection byConstant(String schema, String table, String resource) {
        return new Protection(schema, table, By.CONSTANT, resource, Mode.REFUSE);
    }

    /**
     * The same protection in the mode that only reports.
     *
     * @return the protection, in mode {@link Mode#REPORT}
     */
    public Protection reporting() {
        return new Protection(schema, table, by, resource, Mode.REPORT);
    }

    private static void requireText(String value, String name) {
        Objects.requireNonNull(value, name);
        if (value.isBlank() || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(name + " of a protection must not be blank and not contain NUL, but is '"
                    + value.replace("\0", "\\0") + "'");
        }
    }
}
