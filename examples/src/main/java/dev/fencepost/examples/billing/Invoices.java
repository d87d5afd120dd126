package dev.fencepost.examples.billing;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.locator.ClasspathSqlLocator;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The tables of the example: invoices and the log of payments. Every method runs in whatever transaction the handle is in. */
public final class Invoices {
    private static final String HOME = "dev/fencepost/examples/billing/";

    private enum Statement {
        ADD_INVOICE("add-invoice"),
        OPEN_INVOICES("open-invoices"),
        LOG_PAYMENT("log-payment"),
        MARK_PAID("mark-paid"),
        PAYMENTS("payments");

        private final String sql;

        Statement(String file) {
            this.sql = ClasspathSqlLocator.create().getResource(HOME + "sql/" + file + ".sql");
        }
    }

    private Invoices() {}

    /** Creates the tables as an application does it: by its own migrations, with their own history. */
    public static void migrate(DataSource dataSource) {
        Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:" + HOME + "migration")
                .load()
                .migrate();
    }

    /** Makes a customer owe these amounts. */
    public static void add(Handle handle, String customer, int... cents) {
        PreparedBatch batch = handle.prepareBatch(Statement.ADD_INVOICE.sql);
        Arrays.stream(cents)
                .forEach(amount ->
                        batch.bind("customer", customer).bind("cents", amount).add());
        batch.execute();
    }

    /** What a customer owes now. */
    public static List<Invoice> open(Handle handle, String customer) {
        return handle.createQuery(Statement.OPEN_INVOICES.sql)
                .bind("customer", customer)
                .map((row, context) -> new Invoice(row.getLong("id"), row.getInt("cents")))
                .list();
    }

    /** Charges the invoices: writes each into the payment log and marks it paid. */
    public static void charge(Handle handle, List<Invoice> invoices, String worker, long token) {
        PreparedBatch log = handle.prepareBatch(Statement.LOG_PAYMENT.sql);
        PreparedBatch paid = handle.prepareBatch(Statement.MARK_PAID.sql);
        for (Invoice invoice : invoices) {
            log.bind("id", invoice.id())
                    .bind("cents", invoice.cents())
                    .bind("worker", worker)
                    .bind("token", token)
                    .add();
            paid.bind("id", invoice.id()).add();
        }
        log.execute();
        paid.execute();
    }

    /** What a customer was charged, in the order of the log. */
    public static List<Payment> payments(Handle handle, String customer) {
        return handle.createQuery(Statement.PAYMENTS.sql)
                .bind("customer", customer)
                .map((row, context) -> new Payment(
                        row.getLong("id"),
                        row.getLong("invoice_id"),
                        row.getInt("cents"),
                        row.getString("worker"),
                        row.getLong("token")))
                .list();
    }

    /** How often each invoice was charged. */
    public static Map<Long, Long> timesCharged(List<Payment> payments) {
        return payments.stream().collect(Collectors.groupingBy(Payment::invoice, Collectors.counting()));
    }
}
