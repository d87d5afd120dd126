package dev.fencepost.jdbc.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares what is in a database with what the guard needs there. */
public final class SchemaInspection {
    private static final String INSPECT = SqlFiles.read("inspect.sql");

    /** PostgreSQL 14. */
    private static final int OLDEST_SERVER = 140000;

    private static final Map<String, String> NEEDED = new LinkedHashMap<>();

    static {
        NEEDED.put("schema fencepost", "");
        NEEDED.put("table fencepost.fence", "");
        NEEDED.put("column fencepost.fence.resource", "text NOT NULL");
        NEEDED.put("column fencepost.fence.last_token", "bigint NOT NULL");
        NEEDED.put("column fencepost.fence.owner", "text NOT NULL");
        NEEDED.put("column fencepost.fence.applied", "boolean NOT NULL");
        NEEDED.put("column fencepost.fence.result", "text");
        NEEDED.put("column fencepost.fence.claimed_by", "xid8 NOT NULL");
        NEEDED.put("column fencepost.fence.claimed_at", "timestamp with time zone NOT NULL");
        NEEDED.put("constraint fence_pkey", "PRIMARY KEY (resource)");
        NEEDED.put("function fencepost.claim(text, bigint, text, boolean)", "SECURITY DEFINER");
        NEEDED.put("function fencepost.require_transaction(xid8)", "SECURITY INVOKER");
        NEEDED.put("function fencepost.claim_at_once(text, bigint, text, boolean)", "SECURITY DEFINER");
        NEEDED.put("function fencepost.record_result(text, text)", "SECURITY DEFINER");
        NEEDED.put("function fencepost.claim_all(text[], bigint[], text[])", "SECURITY DEFINER");
        NEEDED.put("function fencepost.bound_transaction(bigint)", "SECURITY INVOKER");
        NEEDED.put("function fencepost.claimed(text)", "SECURITY INVOKER");
        NEEDED.put("function fencepost.refuse(regclass, text, text, text, regclass)", "SECURITY INVOKER");
        NEEDED.put("function fencepost.protect(regclass, text, text, text)", "SECURITY INVOKER");
        NEEDED.put("function fencepost.unprotect(regclass)", "SECURITY INVOKER");
        NEEDED.put("function fencepost.lock_join(bigint, boolean)", "SECURITY DEFINER");
        NEEDED.put("function fencepost.lock_grant(text, text, bigint, bigint, bigint, integer)", "SECURITY DEFINER");
        NEEDED.put("function fencepost.lock_raise(text, text, bigint, bigint)", "SECURITY DEFINER");
        NEEDED.put("function fencepost.lock_extend(text[], text[], bigint[], bigint)", "SECURITY DEFINER");
        NEEDED.put("function fencepost.lock_restore(text, text, bigint, bigint)", "SECURITY DEFINER");
        NEEDED.put("function fencepost.lock_release(text, text, bigint, integer)", "SECURITY DEFINER");
    }

    /** One part of the schema as it is. */
    private record Part(String form, boolean usable) {}

    private SchemaInspection() {}

    /**
     * Inspects.
     *
     * @param connection a connection in any state
     * @return what is wrong, one sentence each; empty when nothing is
     * @throws SQLException if the database cannot be asked
     */
    public static List<String> problems(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        if (!"PostgreSQL".equals(product)) {
            return List.of("the database is " + product + ", but the guard works on PostgreSQL alone");
        }
        return compare(read(connection), connection.getMetaData().getUserName());
    }

    private static Map<String, Part> read(Connection connection) throws SQLException {
        Map<String, Part> parts = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(INSPECT);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                parts.put(row.getString("part"), new Part(row.getString("form"), row.getBoolean("usable")));
            }
        }
        return parts;
    }

    private static List<String> compare(Map<String, Part> found, String role) {
        List<String> problems = new ArrayList<>();
        Part server = found.get("server");
        if (server != null && Integer.parseInt(server.form()) < OLDEST_SERVER) {
            problems.add("the server's version is " + server.form() + ", but the guard needs PostgreSQL 14 or later");
        }
        for (Map.Entry<String, String> needed : NEEDED.entrySet()) {
            String problem = problem(needed.getKey(), needed.getValue(), found.get(needed.getKey()), role);
            if (!problem.isEmpty()) {
                problems.add(problem);
            }
            if (!problem.isEmpty() && needed.getValue().isEmpty()) {
                // Without the schema or the table, everything in it would be reported as well.
                break;
            }
        }
        return problems;
    }

    private static String problem(String part, String form, @Nullable Part found, String role) {
        if (found == null) {
            return part + " is missing";
        }
        if (!found.form().equals(form)) {
            return part + " is " + found.form() + ", but must be " + form;
        }
        if (!found.usable()) {
            String right = part.startsWith("schema") ? "USAGE" : "EXECUTE";
            return "the role '" + role + "' needs GRANT " + right + " ON " + part + " TO it";
        }
        return "";
    }
}
