package dev.fencepost.jdbc.internal;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.FencedRows;
import dev.fencepost.jdbc.FencedRows.Kind;
import dev.fencepost.jdbc.FencedRows.Write;
import dev.fencepost.jdbc.RowResult;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Writes rows that carry their own token: for each a claim unless it is an update, the write, and a look at what is there. */
public final class RowStatements {
    private static final String CLAIM = SqlFiles.read("row-claim.sql");
    private static final String TOKEN = SqlFiles.read("row-token.sql");
    private static final Map<Kind, String> WRITES = Map.of(
            Kind.UPDATE, SqlFiles.read("row-update.sql"),
            Kind.INSERT, SqlFiles.read("row-insert.sql"),
            Kind.UPSERT, SqlFiles.read("row-upsert.sql"),
            Kind.DELETE, SqlFiles.read("row-delete.sql"));
    private static final String ADMITTED = "pg_catalog.current_setting('fencepost.row') <> 'stale'";
    private static final Pattern PART = Pattern.compile("<(\\w+)>");
    private static final int MOST_IN_A_TRIP = 100;

    /** What the statements of one write found: how the claim came out, if there was one, how many rows were written, and which number the row has now. */
    private record Found(
            String verdict,
            long claimed,
            int written,
            @Nullable Long rowToken) {
        RowResult result(Write write) {
            long writer = write.writer().value();
            if (written > 0) {
                return new RowResult.Applied();
            }
            if (rowToken != null && rowToken > writer) {
                return new RowResult.Stale(rowToken);
            }
            if (verdict.equals("stale")) {
                return new RowResult.Stale(claimed);
            }
            if (rowToken != null && rowToken == writer) {
                return new RowResult.AlreadyApplied();
            }
            if (rowToken != null && write.kind() == Kind.INSERT) {
                return new RowResult.RowExists(rowToken);
            }
            // There is none, or one that was made after the write had looked.
            return verdict.equals("current") ? new RowResult.AlreadyApplied() : new RowResult.NoSuchRow();
        }
    }

    private RowStatements() {}

    /** Does several writes in one transaction. */
    public static List<RowResult> all(Handle handle, FencedRows rows, List<Write> writes) {
        List<Write> inOrder = new ArrayList<>(writes);
        inOrder.sort(Comparator.comparing(write -> write.row().toString()));
        for (int i = 1; i < inOrder.size(); i++) {
            if (inOrder.get(i).row().toString().equals(inOrder.get(i - 1).row().toString())) {
                throw new IllegalArgumentException("the writes must be of different rows, but two are of "
                        + inOrder.get(i).row());
            }
        }
        Map<String, RowResult> results = new HashMap<>();
        handle.useTransaction(same -> {
            for (int from = 0; from < inOrder.size(); from += MOST_IN_A_TRIP) {
                List<Write> some = inOrder.subList(from, Math.min(from + MOST_IN_A_TRIP, inOrder.size()));
                List<RowResult> found = trip(same, rows, some);
                for (int i = 0; i < some.size(); i++) {
                    results.put(some.get(i).row().toString(), found.get(i));
                }
            }
        });
        return writes.stream().map(write -> results.get(write.row().toString())).toList();
    }

    /** Does writes in one round trip, in the order given. Outside of a transaction they are one, and few enough for the driver to leave it at that. */
    public static List<RowResult> trip(Handle handle, FencedRows rows, List<Write> writes) {
        if (!rows.remembers() && writes.stream().anyMatch(write -> write.kind() == Kind.DELETE)) {
            throw new IllegalStateException(
                    "a deleted row of " + rows.schema() + "." + rows.table()
                            + " would be forgotten, and an older token could make it again: use FencedRows.remembering() everywhere");
        }
        List<String> statements = new ArrayList<>();
        for (int i = 0; i < writes.size(); i++) {
            statements.add(text(rows, writes.get(i), "w" + i));
        }
        try (Update update = handle.createUpdate(String.join(";\n", statements))) {
            update.setTemplateEngine(TemplateEngine.NOP);
            for (int i = 0; i < writes.size(); i++) {
                bind(update, rows, writes.get(i), "w" + i);
            }
            return update.execute((executed, context) -> read(executed.get(), rows, writes));
        }
    }

    private static boolean claims(FencedRows rows, Write write) {
        return rows.remembers() && write.kind() != Kind.UPDATE;
    }

    private static String text(FencedRows rows, Write write, String name) {
        List<String> columns =
                write.values().keySet().stream().map(RowStatements::quote).toList();
        StringBuilder places = new StringBuilder();
        StringBuilder assignments = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            String place = ":" + name + "_" + i;
            places.append(place).append(", ");
            assignments.append(columns.get(i)).append(" = ").append(place).append(", ");
        }
        String template = (claims(rows, write) ? CLAIM + ";\n" : "") + WRITES.get(write.kind()) + ";\n" + TOKEN;
        String admitted = claims(rows, write) ? ADMITTED : "true";
        Map<String, String> parts = Map.of(
                "n", name,
                "admitted", admitted,
                "table", quote(rows.schema()) + "." + quote(rows.table()),
                "key", quote(rows.key()),
                "token", quote(rows.token()),
                "columns", joined(columns, column -> column),
                "excluded", joined(columns, column -> column + " = excluded." + column),
                "values", places.toString(),
                "assignments", assignments.toString());
        // In one pass: what is put in is not looked at again.
        return PART.matcher(template)
                .replaceAll(part -> Matcher.quoteReplacement(String.valueOf(parts.get(part.group(1)))));
    }

    private static String joined(List<String> columns, UnaryOperator<String> form) {
        return columns.stream().map(column -> form.apply(column) + ", ").collect(Collectors.joining());
    }

    private static void bind(Update update, FencedRows rows, Write write, String name) {
        if (claims(rows, write)) {
            update.bind(name + "_resource", resource(rows, write.row()));
        }
        update.bind(name + "_key", write.row())
                .bind(name + "_token", write.writer().value());
        int i = 0;
        for (Object value : write.values().values()) {
            update.bind(name + "_" + i++, value);
        }
    }

    /** One key has to have one name. */
    private static String resource(FencedRows rows, Object key) {
        if (key instanceof Integer
                || key instanceof Long
                || key instanceof Short
                || key instanceof String
                || key instanceof UUID) {
            String resource = rows.schema() + "." + rows.table() + "/" + key;
            FencingToken.requireResource(resource);
            return resource;
        }
        throw new IllegalArgumentException(
                "the key of a row that is inserted or deleted must be an Integer, Long, Short,"
                        + " String or UUID, but " + key + " is a "
                        + key.getClass().getName());
    }

    private static List<RowResult> read(PreparedStatement executed, FencedRows rows, List<Write> writes)
            throws SQLException {
        List<RowResult> results = new ArrayList<>();
        for (Write write : writes) {
            String verdict = "";
            long claimed = 0;
            if (claims(rows, write)) {
                try (ResultSet row = executed.getResultSet()) {
                    row.next();
                    verdict = row.getString("verdict");
                    claimed = row.getLong("last_token");
                }
                executed.getMoreResults();
            }
            int written = executed.getUpdateCount();
            executed.getMoreResults();
            try (ResultSet row = executed.getResultSet()) {
                Long rowToken = row.next() ? row.getObject("row_token", Long.class) : null;
                results.add(new Found(verdict, claimed, written, rowToken).result(write));
            }
            executed.getMoreResults();
        }
        return results;
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
