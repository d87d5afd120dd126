package dev.fencepost.examples.ledger;

import dev.fencepost.MultiLease;
import dev.fencepost.examples.ledger.Decision.Balances;
import dev.fencepost.examples.ledger.Receipt.Outcome;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.jdbc.FencedTables;
import dev.fencepost.jdbc.Protection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.locator.ClasspathSqlLocator;

/** The tables of the example. The methods that take a handle run in whatever transaction it is in. */
public final class Books {
    /** Which resource each row belongs to. A transfer belongs to the account that pays. */
    public static final List<Protection> PROTECTIONS = List.of(
            Protection.byExpression("ledger", "account", "'account/' || id"),
            Protection.byExpression("ledger", "transfer", "'account/' || debit"),
            Protection.byExpression("ledger", "posting", "'account/' || account"));

    private static final String HOME = "dev/fencepost/examples/ledger/";
    private static final String OPEN_ACCOUNTS = sql("sql/open-accounts");
    private static final String BALANCES = sql("sql/balances");
    private static final String DECIDED = sql("sql/decided");
    private static final String ADD_TRANSFER = sql("sql/add-transfer");
    private static final String ADD_POSTING = sql("sql/add-posting");
    private static final String SET_BALANCE = sql("sql/set-balance");

    private Books() {}

    /**
     * What the books say of a transfer.
     *
     * @param decided how it was decided; empty if it is not there
     * @param balances of its two accounts
     */
    public record Page(Optional<Outcome> decided, Balances balances) {}

    /**
     * What is to be written for a transfer.
     *
     * @param transfer which one
     * @param decision how it is decided
     * @param worker who decided
     */
    record Entry(Transfer transfer, Decision decision, String worker) {}

    /** Creates the tables as their owner: the application's by its own migrations, the guard's by the library's. */
    public static void migrate(DataSource owner) {
        Flyway.configure()
                .dataSource(owner)
                .locations("classpath:" + HOME + "migration")
                .load()
                .migrate();
        FenceSchema.migrate(owner);
    }

    /** Has the database refuse every write to the books whose transaction has not claimed the accounts. */
    public static void protect(DataSource owner) {
        PROTECTIONS.forEach(protection -> FencedTables.protect(owner, protection));
    }

    /** Makes the role that the application connects as, with the grants that it needs and no others. */
    public static void createRole(Jdbi owner, String role, String password) {
        owner.useHandle(handle -> handle.createScript(sql("grants"))
                .define("role", role)
                .define("password", password)
                .execute());
    }

    /** Opens accounts 1 to that many, each with the same amount. */
    static void open(Handle handle, int accounts, long cents) {
        handle.createUpdate(OPEN_ACCOUNTS)
                .bind("accounts", accounts)
                .bind("cents", cents)
                .execute();
    }

    /** Reads what is to be known to decide a transfer. */
    static Page read(Handle handle, Transfer transfer) {
        Optional<Outcome> decided = handle.createQuery(DECIDED)
                .bind("id", transfer.id())
                .mapTo(String.class)
                .findFirst()
                .map(Outcome::valueOf);
        Map<Integer, Long> balances = handle
                .createQuery(BALANCES)
                .bind("debit", transfer.debit())
                .bind("credit", transfer.credit())
                .map((row, context) -> Map.entry(row.getInt("id"), row.getLong("balance")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new Page(
                decided, new Balances(balance(balances, transfer.debit()), balance(balances, transfer.credit())));
    }

    private static long balance(Map<Integer, Long> balances, int account) {
        Long balance = balances.get(account);
        if (balance == null) {
            throw new IllegalArgumentException("account must be open, but there is no account " + account);
        }
        return balance;
    }

    /** Writes a decided transfer: the order itself and, if it is posted, both postings and both balances. */
    static void write(Handle handle, Entry entry, MultiLease leases) {
        Transfer transfer = entry.transfer();
        Decision decision = entry.decision();
        handle.createUpdate(ADD_TRANSFER)
                .bind("id", transfer.id())
                .bind("debit", transfer.debit())
                .bind("credit", transfer.credit())
                .bind("cents", transfer.cents())
                .bind("outcome", decision.outcome().name())
                .bind("worker", entry.worker())
                .execute();
        if (decision.outcome() == Outcome.POSTED) {
            post(handle, leases, transfer.id(), new Line(transfer.debit(), -transfer.cents(), decision.debitBalance()));
            post(
                    handle,
                    leases,
                    transfer.id(),
                    new Line(transfer.credit(), transfer.cents(), decision.creditBalance()));
        }
    }

    /** One side of a transfer: what is added to an account, and what it has then. */
    private record Line(int account, long cents, long balance) {}

    private static void post(Handle handle, MultiLease leases, long transfer, Line line) {
        handle.createUpdate(ADD_POSTING)
                .bind("transfer", transfer)
                .bind("account", line.account())
                .bind("cents", line.cents())
                .bind("token", leases.token(Ledger.resource(line.account())).value())
                .execute();
        handle.createUpdate(SET_BALANCE)
                .bind("account", line.account())
                .bind("balance", line.balance())
                .execute();
    }

    static String sql(String file) {
        return ClasspathSqlLocator.create().getResource(HOME + file + ".sql");
    }
}
