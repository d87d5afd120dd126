package dev.fencepost.chaos.history;

/**
 * One reading of a gauge.
 *
 * @param at when
 * @param value what
 */
public record Reading(long at, long value) {}
