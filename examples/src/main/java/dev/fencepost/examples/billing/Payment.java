package dev.fencepost.examples.billing;

/**
 * One row of the payment log.
 *
 * @param id its place in the log
 * @param invoice the number of the invoice
 * @param cents how much was charged, in cents
 * @param worker who charged
 * @param token under which fencing token
 */
public record Payment(long id, long invoice, int cents, String worker, long token) {}
