package dev.fencepost.chaos.history;

/**
 * What one node did for one token of an attempt, as its client saw it. An attempt may get several tokens in a row, which leases have one after the other: one hold at the node counts for all of them.
 *
 * @param node which node, counted from 0
 * @param grant the first number that the node's counter took when it granted: the hold there began with it
 * @param counted whether the hold began with a number that is no larger than the token, and the node's counter reached the token while it lasted: by the grant itself, or by a raise that was
 *     acknowledged
 * @param exchange from before the grant was sent until its answer was there
 */
public record Vote(int node, long grant, boolean counted, Span exchange) {}
