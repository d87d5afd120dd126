package dev.fencepost.examples.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What is in the books, compared with what was ordered. Every transfer must have been decided by then.
 *
 * @param accounts all of them, in the order of their numbers
 * @param decided how many transfers are in the books, each counted once
 * @param missing how many were ordered, and are not in the books
 * @param doubled how many are in the books more than once
 * @param altered how many are in the books and are not what was ordered
 * @param malformed how many do not have exactly the postings that they should have
 */
record Audit(List<Account> accounts, long decided, long missing, long doubled, long altered, long malformed) {
    /**
     * One account, in cents.
     *
     * @param id its number
     * @param opening what it began with
     * @param balance what the books say that it has
     * @param posted what it should have: what it began with, and its postings
     */
    record Account(int id, long opening, long balance, long posted) {
        long difference() {
            return balance - posted;
        }
    }

    /** Reads the books, as their owner. */
    static Audit of(Jdbi owner, Orders orders) {
        return owner.inTransaction(handle -> {
            List<Account> accounts = handle.createQuery(Books.sql("sql/accounts"))
                    .map((row, context) -> new Account(
                            row.getInt("id"), row.getLong("opening"), row.getLong("balance"), row.getLong("posted")))
                    .list();
            long malformed = handle.createQuery(Books.sql("sql/malformed-transfers"))
                    .mapTo(Long.class)
                    .one();
            Map<Long, Integer> times = new HashMap<>();
            long altered = compare(handle, orders, times);
            long doubled = times.values().stream().filter(count -> count > 1).count();
            return new Audit(accounts, times.size(), orders.count() - times.size(), doubled, altered, malformed);
        });
    }

    /** Counts how often each order is in the books, and returns how many entries are of no order. */
    private static long compare(Handle handle, Orders orders, Map<Long, Integer> times) {
        return handle
                .createQuery(Books.sql("sql/transfers"))
                .map((row, context) -> new Transfer(
                        row.getLong("id"), row.getInt("debit"), row.getInt("credit"), row.getLong("cents")))
                .stream()
                .filter(found -> {
                    boolean known = orders.find(found.id()).equals(Optional.of(found));
                    if (known) {
                        times.merge(found.id(), 1, Integer::sum);
                    }
                    return !known;
                })
                .count();
    }

    /** The accounts whose balance is not what their postings say. */
    List<Account> outOfBalance() {
        return accounts.stream().filter(account -> account.difference() != 0).toList();
    }

    /** How many cents all accounts have together beyond what they began with; less than zero if some are gone. */
    long tooMany() {
        return accounts.stream()
                .mapToLong(account -> account.balance() - account.opening())
                .sum();
    }

    /** How many accounts have less than nothing. */
    long overdrawn() {
        return accounts.stream().filter(account -> account.balance() < 0).count();
    }
}
