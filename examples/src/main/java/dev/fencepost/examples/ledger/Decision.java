package dev.fencepost.examples.ledger;

import dev.fencepost.examples.ledger.Receipt.Outcome;

/**
 * What is to be written for a transfer. It rests on the balances that were read, and is right only for as long as they are.
 *
 * @param outcome whether it is posted
 * @param debitBalance what the account that pays has afterwards, in cents
 * @param creditBalance what the account that is paid has afterwards, in cents
 */
record Decision(Outcome outcome, long debitBalance, long creditBalance) {
    /** Nobody pays what they do not have. */
    static Decision on(Transfer transfer, Balances read) {
        if (read.debit() < transfer.cents()) {
            return new Decision(Outcome.DECLINED, read.debit(), read.credit());
        }
        return new Decision(
                Outcome.POSTED,
                Math.subtractExact(read.debit(), transfer.cents()),
                Math.addExact(read.credit(), transfer.cents()));
    }

    /**
     * What two accounts have, in cents.
     *
     * @param debit the one that is to pay
     * @param credit the one that is to be paid
     */
    record Balances(long debit, long credit) {}
}
