package dev.fencepost.examples.billing;

/**
 * Something that a customer owes.
 *
 * @param id its number
 * @param cents how much, in cents
 */
public record Invoice(long id, int cents) {}
