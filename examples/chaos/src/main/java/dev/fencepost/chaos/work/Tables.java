package dev.fencepost.chaos.work;

import dev.fencepost.FencingToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.locator.ClasspathSqlLocator;

/** What workloads do to their tables, each in the transaction that the handle is in. */
public final class Tables {
    /** How many accounts there are. */
    public static final int ACCOUNTS = 5;

    /** What each account has at the beginning. */
    public static final long CENTS = 10_000;

    /** What all accounts have together. */
    static final long SUM = ACCOUNTS * CENTS;

    /** A set that has so many elements is emptied into the archive, so that adding never costs more than that. */
    private static final int FULL = 60;

    private enum Statement {
        ADD_AUDIT,
        READ_SET,
        WRITE_SET,
        ARCHIVE_SET,
        ADD_ACCOUNT,
        READ_BALANCES,
        WRITE_BALANCE,
        READ_SUM,
        ADD_INVOICE,
        READ_OPEN_INVOICE,
        ADD_CHARGE,
        MARK_PAID,
        ADD_NOTE;

        private final String sql = sql(name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private Tables() {}

    /** The text of a statement. */
    public static String sql(String name) {
        return ClasspathSqlLocator.create().getResource("dev/fencepost/chaos/sql/" + name + ".sql");
    }

    /** Makes the tables and what is in them at the beginning. */
    public static void create(Handle handle) {
        handle.createScript(sql("schema")).execute();
        for (int i = 0; i < ACCOUNTS; i++) {
            handle.createUpdate(Statement.ADD_ACCOUNT.sql)
                    .bind("name", account(i))
                    .bind("cents", CENTS)
                    .execute();
        }
    }

    static String account(int number) {
        return "account/" + number;
    }

    static void audit(Handle handle, List<FencingToken> tokens, String id) {
        for (int i = 0; i < tokens.size(); i++) {
            FencingToken token = tokens.get(i);
            handle.createUpdate(Statement.ADD_AUDIT.sql)
                    .bind("resource", token.resource())
                    .bind("token", token.value())
                    .bind("owner", token.owner())
                    .bind("id", Writes.part(id, i))
                    .execute();
        }
    }

    static List<String> readSet(Handle handle, String resource) {
        return handle.createQuery(Statement.READ_SET.sql)
                .bind("resource", resource)
                .mapTo(String.class)
                .findOne()
                .filter(elements -> !elements.isEmpty())
                .map(elements -> List.of(elements.split(" ", -1)))
                .orElse(List.of());
    }

    static void writeSet(Handle handle, String resource, List<String> before, String added) {
        List<String> after = new ArrayList<>(before);
        after.add(added);
        boolean full = after.size() >= FULL;
        if (full) {
            handle.createUpdate(Statement.ARCHIVE_SET.sql)
                    .bind("elements", String.join(" ", after))
                    .execute();
        }
        handle.createUpdate(Statement.WRITE_SET.sql)
                .bind("resource", resource)
                .bind("elements", full ? "" : String.join(" ", after))
                .execute();
    }

    static Map<String, Long> balances(Handle handle, List<String> accounts) {
        Map<String, Long> balances = new HashMap<>();
        handle.createQuery(Statement.READ_BALANCES.sql)
                .bindList("names", accounts)
                .map((row, context) -> Map.entry(row.getString("name"), row.getLong("cents")))
                .forEach(balance -> balances.put(balance.getKey(), balance.getValue()));
        return balances;
    }

    static void setBalance(Handle handle, String account, long cents) {
        handle.createUpdate(Statement.WRITE_BALANCE.sql)
                .bind("name", account)
                .bind("cents", cents)
                .execute();
    }

    static long sum(Handle handle) {
        return handle.createQuery(Statement.READ_SUM.sql).mapTo(Long.class).one();
    }

    static void addInvoice(Handle handle, String customer, String name) {
        handle.createUpdate(Statement.ADD_INVOICE.sql)
                .bind("customer", customer)
                .bind("name", name)
                .execute();
    }

    static Optional<String> openInvoice(Handle handle, String customer) {
        return handle.createQuery(Statement.READ_OPEN_INVOICE.sql)
                .bind("customer", customer)
                .mapTo(String.class)
                .findOne();
    }

    static void charge(Handle handle, String invoice, String id) {
        handle.createUpdate(Statement.ADD_CHARGE.sql)
                .bind("invoice", invoice)
                .bind("id", id)
                .execute();
        handle.createUpdate(Statement.MARK_PAID.sql).bind("name", invoice).execute();
    }

    static void note(Handle handle, String resource, String id) {
        handle.createUpdate(Statement.ADD_NOTE.sql)
                .bind("resource", resource)
                .bind("id", id)
                .execute();
    }
}
