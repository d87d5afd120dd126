package dev.fencepost.jdbc.internal;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.FencedRows;
import dev.fencepost.jdbc.RowResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Writes rows that carry their own token. */
public final class RowStatements {
    private static final String UPDATE = SqlFiles.read("row-update.sql");
    private static final String UPSERT = SqlFiles.read("row-upsert.sql");
    private static final String TOKEN = SqlFiles.read("row-token.sql");

    /** What the statement found: whether it wrote, and which number the row had before; null when it saw no row. */
    private record Found(boolean applied, @Nullable Long rowToken) {
        /** If not, the row was not seen, or as it was before another transaction changed it: look again. */
        boolean decides(FencingToken writer) {
            return applied || (rowToken != null && rowToken >= writer.value());
        }

        RowResult result(FencingToken writer) {
            if (applied) {
                return new RowResult.Applied();
            }
            // A smaller number would have been passed: the row is one that was made after the write had looked.
            if (rowToken == null || rowToken < writer.value()) {
                return new RowResult.NoSuchRow();
            }
            return rowToken == writer.value() ? new RowResult.AlreadyApplied() : new RowResult.Stale(rowToken);
        }
    }

    private RowStatements() {}

    /** Writes a row that is there. */
    public static RowResult update(
            Handle handle, FencedRows rows, FencingToken writer, Object row, Map<String, ?> values) {
        Found found = ask(handle.createQuery(UPDATE), rows, writer, row, values);
        return found.decides(writer)
                ? found.result(writer)
                : ask(handle.createQuery(TOKEN), rows, writer, row, Map.of()).result(writer);
    }

    /** Writes a row, or makes it. */
    public static RowResult upsert(
            Handle handle, FencedRows rows, FencingToken writer, Object row, Map<String, ?> values) {
        Found found = ask(handle.createQuery(UPSERT), rows, writer, row, values);
        return found.decides(writer)
                ? found.result(writer)
                : ask(handle.createQuery(TOKEN), rows, writer, row, Map.of()).result(writer);
    }

    private static Found ask(Query query, FencedRows rows, FencingToken writer, Object row, Map<String, ?> values) {
        Objects.requireNonNull(row, "row");
        List<String> assignments = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        List<String> places = new ArrayList<>();
        values.forEach((column, value) -> {
            String place = ":fencepost_" + places.size();
            assignments.add(quote(column) + " = " + place + ",");
            columns.add(quote(column) + ",");
            places.add(place + ",");
            query.bind(place.substring(1), value);
        });
        return query.define("table", quote(rows.schema()) + "." + quote(rows.table()))
                .define("key", quote(rows.key()))
                .define("token", quote(rows.token()))
                .define("assignments", String.join(" ", assignments))
                .define("columns", String.join(" ", columns))
                .define("values", String.join(" ", places))
                .bind("fencepost_key", row)
                .bind("fencepost_token", writer.value())
                .map((result, context) ->
                        new Found(result.getBoolean("applied"), result.getObject("row_token", Long.class)))
                .one();
    }

    private static String quote(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "the name of a table or column must not be empty and not contain NUL, but is '"
                            + name.replace("\0", "\\0") + "'");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
