package dev.fencepost.examples.ledger;

/**
 * An order to move money.
 *
 * @param id tells it from every other: the same order may be delivered any number of times
 * @param debit the account that pays
 * @param credit the account that is paid
 * @param cents how much, in cents, more than nothing
 */
public record Transfer(long id, int debit, int credit, long cents) {
    /** Checks the parts. */
    public Transfer {
        if (debit == credit) {
            throw new IllegalArgumentException(
                    "a transfer must be between two accounts, but transfer " + id + " is from " + debit + " to itself");
        }
        if (cents < 1) {
            throw new IllegalArgumentException(
                    "cents of a transfer must be at least 1, but transfer " + id + " is of " + cents);
        }
    }
}
